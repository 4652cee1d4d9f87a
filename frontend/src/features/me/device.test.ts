import { expect, it } from "vitest";
import { deviceName } from "./device";

it("names browser and system, although browsers call themselves many things", () => {
  const chrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";
  expect(deviceName(chrome)).toBe("Chrome on Linux");
  expect(deviceName(`${chrome.replace("X11; Linux x86_64", "Windows NT 10.0")} Edg/156.0`)).toBe(
    "Edge on Windows",
  );
  expect(
    deviceName(
      "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1 Version/19.1 Mobile/15E148 Safari/604.1",
    ),
  ).toBe("Safari on iPhone");
  expect(
    deviceName("Mozilla/5.0 (Macintosh; Intel Mac OS X 15.2; rv:140.0) Gecko/20100101 Firefox/140.0"),
  ).toBe("Firefox on Mac");
});

it("keeps the words of what is no browser, and says when nothing is known", () => {
  expect(deviceName("curl/8.9.1")).toBe("curl/8.9.1");
  expect(deviceName("Chrome on Linux")).toBe("Chrome on Linux");
  expect(deviceName("x".repeat(200))).toHaveLength(60);
  expect(deviceName(null)).toBe("Unknown device");
});
