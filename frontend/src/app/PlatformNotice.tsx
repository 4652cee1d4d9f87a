import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { noticeQuery } from "~/api/notice";
import { Button } from "~/ui/Button";
import { cx } from "~/ui/cx";
import { Icon } from "~/ui/Icon";

const KEY = "outlay.notice-hidden";

/** What whoever runs the platform tells everybody. Hidden, it stays so in this tab until it says something else. */
export function PlatformNotice({ width = "max-w-[1280px]" }: { width?: string }) {
  const notice = useQuery(noticeQuery()).data;
  const [hidden, setHidden] = useState(() => sessionStorage.getItem(KEY));
  if (!notice || notice === hidden) return null;
  const hide = () => {
    sessionStorage.setItem(KEY, notice);
    setHidden(notice);
    // The button goes with it.
    document.getElementById("main")?.focus({ preventScroll: true });
  };
  return (
    <aside aria-label="From whoever runs Outlay" className="border-b border-line bg-warn-soft">
      <div className={cx("mx-auto flex items-start justify-between gap-4 px-4 py-2 sm:px-8", width)}>
        <p className="flex min-w-0 gap-3">
          <Icon name="alert" className="mt-0.5 size-4 text-warn" />
          <span role="status" className="min-w-0 break-words">
            {notice}
          </span>
        </p>
        <Button size="sm" onClick={hide}>
          Hide
        </Button>
      </div>
    </aside>
  );
}
