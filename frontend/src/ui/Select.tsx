import {
  Select as AriaSelect,
  Button,
  Header,
  Label,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  SelectValue,
} from "react-aria-components";
import { cx } from "./cx";
import { Icon } from "./Icon";
import { popoverClass } from "./Popover";

export type Choice = { value: string; label: string; note?: string };
export type ChoiceGroup = { title: string; choices: Choice[] };

/** One of many. Type to jump to a choice. */
export function Select({
  label,
  value,
  groups,
  onChange,
  hideLabel = false,
  className,
}: {
  label: string;
  value: string;
  groups: ChoiceGroup[];
  onChange: (value: string) => void;
  hideLabel?: boolean;
  className?: string;
}) {
  return (
    <AriaSelect
      value={value}
      onChange={(key) => key !== null && onChange(String(key))}
      className={cx("grid gap-1", className)}
    >
      <Label className={hideLabel ? "sr-only" : "text-[13px] text-ink-3"}>{label}</Label>
      <Button className="flex h-9 items-center gap-2 rounded-md border border-line-strong bg-surface px-3 text-start hover:bg-sunken">
        <SelectValue className="min-w-0 flex-1 truncate *:data-note:hidden" />
        <Icon name="chevron" className="size-3.5 text-ink-3" />
      </Button>
      <Popover offset={4} className={cx(popoverClass, "max-h-80! min-w-(--trigger-width) overflow-auto p-1")}>
        <ListBox className="outline-none">
          {groups.map((group) => (
            <ListBoxSection key={group.title} id={group.title}>
              {groups.length > 1 && (
                <Header className="px-2.5 pt-2 pb-1 text-xs font-semibold text-ink-3">{group.title}</Header>
              )}
              {group.choices.map((choice) => (
                <ListBoxItem
                  key={choice.value}
                  id={choice.value}
                  textValue={choice.label}
                  className="cursor-pointer rounded px-2.5 py-1.5 outline-none data-focused:bg-sunken data-selected:font-medium data-selected:text-accent"
                >
                  <span className="block">{choice.label}</span>
                  {choice.note && (
                    <span data-note className="block text-xs font-normal text-ink-3">
                      {choice.note}
                    </span>
                  )}
                </ListBoxItem>
              ))}
            </ListBoxSection>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
