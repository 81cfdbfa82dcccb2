// The live page: what the address says decides what is shown.

import { readAddress } from "./address.js";
import { openShell } from "./shell.js";

const shell = await openShell(document.getElementById("caudal"));
addEventListener("hashchange", () => shell.show(readAddress()));
await shell.show(readAddress());
