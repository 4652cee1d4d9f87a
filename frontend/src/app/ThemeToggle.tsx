import { chooseTheme, useTheme } from "~/lib/theme";
import { Icon } from "~/ui/Icon";

export function ThemeToggle() {
  const dark = useTheme() === "dark";
  return (
    <button
      type="button"
      onClick={() => chooseTheme(dark ? "light" : "dark")}
      aria-label={dark ? "Use the light theme" : "Use the dark theme"}
      title={dark ? "Light theme" : "Dark theme"}
      className="grid size-9 place-items-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink"
    >
      <Icon name={dark ? "sun" : "moon"} className="size-4.5" />
    </button>
  );
}
