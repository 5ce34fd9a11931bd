// SPDX-License-Identifier: Apache-2.0
// The browser that Debian packages, without a download. Exit 77 where there is none.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

export function launch() {
  const path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((one) => existsSync(one));
  if (!path) {
    console.log("skipped: there is no chromium (packages-test.apt names it)");
    process.exit(77);
  }
  // Root, as in a container, has no sandbox of Chromium's.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: path, args: [...args, "--disable-dev-shm-usage"] });
}
