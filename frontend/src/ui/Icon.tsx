const SHAPES = {
  overview: "M3 12.5V17h3.2v-4.5zM8.4 8V17h3.2V8zM13.8 3v14H17V3z",
  explore:
    "M9 3a6 6 0 1 0 3.7 10.7l3.3 3.3 1.1-1.1-3.3-3.3A6 6 0 0 0 9 3zm0 1.6a4.4 4.4 0 1 1 0 8.8 4.4 4.4 0 0 1 0-8.8z",
  data: "M4 3h8l4 4v10H4zm1.6 1.6v10.8h8.8V8.2h-3.6V4.6zM7 10.4h6v1.4H7zm0 2.6h6v1.4H7z",
  sun: "M10 6a4 4 0 1 1 0 8 4 4 0 0 1 0-8zm-.7-4h1.4v2.4H9.3zm0 13.6h1.4V18H9.3zM2 9.3h2.4v1.4H2zm13.6 0H18v1.4h-2.4zM3.9 4.9l1-1 1.7 1.7-1 1zm9.5 9.5 1-1 1.7 1.7-1 1zm1.7-10.5 1 1-1.7 1.7-1-1zM5.6 13.4l1 1-1.7 1.7-1-1z",
  moon: "M8.2 2.6a7.6 7.6 0 1 0 9.2 9.2A6.2 6.2 0 0 1 8.2 2.6z",
  upload: "M10 2.6 5.4 7.2l1.1 1.1 2.7-2.7v7h1.6v-7l2.7 2.7 1.1-1.1zM3.4 12v5h13.2v-5H15v3.4H5V12z",
  close: "m5.3 4.2 4.7 4.7 4.7-4.7 1.1 1.1L11.1 10l4.7 4.7-1.1 1.1-4.7-4.7-4.7 4.7-1.1-1.1L8.9 10 4.2 5.3z",
  plus: "M9.2 4h1.6v5.2H16v1.6h-5.2V16H9.2v-5.2H4V9.2h5.2z",
  check: "m8.2 13.3-3.5-3.5-1.1 1.1 4.6 4.6 8.2-8.2-1.1-1.1z",
  alert: "M10 2.5 1.8 17h16.4zm0 3.3 5.5 9.7h-11zM9.3 9v3.4h1.4V9zm0 4.2v1.4h1.4v-1.4z",
  arrow: "m11.3 4.2 5.8 5.8-5.8 5.8-1.1-1.1 3.9-3.9H3V9.2h11.1l-3.9-3.9z",
  back: "M8.7 4.2 2.9 10l5.8 5.8 1.1-1.1-3.9-3.9H17V9.2H5.9l3.9-3.9z",
  chevron: "m5.1 7.2 4.9 4.9 4.9-4.9 1.1 1.1-6 6-6-6z",
  trash: "M8 2.5h4l.6 1.5H17v1.5H3V4h4.4zM4.5 7h11l-.8 10.5H5.3zm1.6 1.5.6 7.5h6.6l.6-7.5z",
  user: "M10 3a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zm0 8.4c3.8 0 6.5 2 6.5 5.1v.5h-13v-.5c0-3.1 2.7-5.1 6.5-5.1z",
  calendar: "M6 2.5h1.5V4h5V2.5H14V4h3v13H3V4h3zM4.5 8.5v7h11v-7z",
  team: "M7.2 3.6a3 3 0 1 1 0 6 3 3 0 0 1 0-6zm6.4 1.2a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM7.2 10.8c3.2 0 5.4 1.7 5.4 4.4v.8H1.8v-.8c0-2.7 2.2-4.4 5.4-4.4zm6.4.2c2.7 0 4.6 1.5 4.6 3.8v.7h-4.1v-.3c0-1.6-.6-3-1.7-4.1.4-.1.8-.1 1.2-.1z",
  key: "M13 2.6a4.4 4.4 0 1 1-1.6 8.5l-1.3 1.3H8.6V14H7v1.6H5.4L4 17H2.6v-3l6.3-6.3A4.4 4.4 0 0 1 13 2.6zm1 2a1.4 1.4 0 1 0 0 2.9 1.4 1.4 0 0 0 0-2.9z",
  audit:
    "M3.5 4h2v1.6h-2zm3.6 0h9.4v1.6H7.1zM3.5 9.2h2v1.6h-2zm3.6 0h9.4v1.6H7.1zm-3.6 5.2h2V16h-2zm3.6 0h9.4V16H7.1z",
  settings:
    "M3 5.2h7.1a2.2 2.2 0 0 1 4.2 0H17v1.6h-2.7a2.2 2.2 0 0 1-4.2 0H3zm0 8h2.7a2.2 2.2 0 0 1 4.2 0H17v1.6H9.9a2.2 2.2 0 0 1-4.2 0H3z",
  health: "M2.5 9.6h3l1.9-4.9 3.4 10 2.2-6.3.9 1.2h3.6v1.6h-4.4l-2.3 5.4L7.5 8l-1 3.2h-4z",
  more: "M4.5 8.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3zm5.5 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3zm5.5 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3z",
  copy: "M7 2.5h9.5v11H13V17H3.5V6H7zm1.6 3.5H13v5.9h1.9V4.1H8.6zM5.1 7.6v7.8h6.3V7.6z",
  dot: "M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
} as const;

export type IconName = keyof typeof SHAPES;

/** Decoration only: the text beside it says the same. */
export function Icon({ name, className = "size-4" }: { name: IconName; className?: string }) {
  return (
    <svg viewBox="0 0 20 20" fill="currentColor" aria-hidden="true" className={`shrink-0 ${className}`}>
      <path d={SHAPES[name]} />
    </svg>
  );
}

export function Logo({ className = "size-7" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={`shrink-0 ${className}`}>
      <rect width="32" height="32" rx="8" className="fill-accent-fill" />
      <g fill="none" strokeWidth="4.5">
        <path d="M16 6.5a9.5 9.5 0 1 0 9.5 9.5" stroke="#fff" />
        <path d="M19.6 4.6a9.5 9.5 0 0 1 7.8 7.8" stroke="#ff8a66" />
      </g>
    </svg>
  );
}
