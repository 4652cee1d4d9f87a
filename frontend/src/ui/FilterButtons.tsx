import { Button } from "./Button";

/** Ends a row of filters: apply what is filled in, or none of them. */
export function FilterButtons({
  apply,
  search,
  onSearch,
}: {
  apply: string;
  search: URLSearchParams;
  onSearch: (search: URLSearchParams) => void;
}) {
  return (
    <div className="flex gap-2">
      <Button type="submit" className="h-10">
        {apply}
      </Button>
      {search.size > 0 && (
        <Button variant="quiet" className="h-10" onClick={() => onSearch(new URLSearchParams())}>
          Clear
        </Button>
      )}
    </div>
  );
}
