import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it } from "vitest";

const SRC = join(import.meta.dirname, "..");

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".test.ts"))
  .map((file) => ({ file, text: readFileSync(join(SRC, file), "utf8") }));

/** Who may know whom. `app` has two sides: `paths` for everybody, the frame for nobody. */
const MAY_IMPORT: Record<string, string[]> = {
  lib: ["lib", "api"],
  api: ["api", "lib"],
  ui: ["ui", "lib", "api"],
  features: ["ui", "lib", "api"],
  app: ["app", "ui", "lib", "api", "features"],
};

it("features know neither each other nor the frame; ui, api and lib know no features", () => {
  const wrong = files.flatMap(({ file, text }) =>
    imports(file, text)
      .filter((target) => target !== "app/paths")
      .filter((target) => !allowed(file, target))
      .map((target) => `${file} imports ${target}`),
  );
  expect(wrong, "move what both need into ui, lib or api").toEqual([]);
});

it("addresses are written in app/paths.ts only", () => {
  const literal = /(?:\b(?:to|href)\s*[=:]\s*\{?|\bnavigate\()\s*["'`]\/(?!\/)/;
  const wrong = files.filter(({ file, text }) => file !== "app/paths.ts" && literal.test(text));
  expect(
    wrong.map(({ file }) => file),
    "use paths.<page> of app/paths.ts",
  ).toEqual([]);
});

it("money never becomes a float, but for the geometry of charts", () => {
  const wrong = files.filter(
    ({ file, text }) =>
      !["lib/decimal.ts", "lib/forms.ts"].includes(file) && /parseFloat|toFixed\(2\)/.test(text),
  );
  expect(
    wrong.map(({ file }) => file),
    "use lib/decimal and lib/money",
  ).toEqual([]);
});

function imports(file: string, text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].flatMap(([, target = ""]) => {
    if (target.startsWith("~/")) return target.slice(2);
    return target.startsWith(".") ? relative(SRC, join(SRC, file, "..", target)) : [];
  });
}

function allowed(file: string, target: string): boolean {
  const [from = "", feature] = file.split("/");
  const [to = "", toFeature] = target.split("/");
  if (from === "main.tsx") return true;
  if (from === "features" && to === "features") return feature === toFeature;
  return MAY_IMPORT[from]?.includes(to) ?? false;
}
