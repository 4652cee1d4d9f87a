// Runs before the first paint, so that a chosen dark theme never flashes white. See src/lib/theme.ts.
(() => {
  const chosen = localStorage.getItem("outlay.theme");
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
