import assert from "node:assert/strict";
import {
  roomDirectory,
  roomsDirectory,
  settingsPath,
  shortenPath,
  stateDirectory,
} from "../../lib/storage/state_paths.ts";
import { pureTest } from "../support/pure.ts";

/** Expects where the state lies, given some variables. */
function assertState(os: string, env: Record<string, string>, expected: string | undefined): void {
  assert.equal(stateDirectory((name) => env[name], os), expected);
}

Deno.test({
  name: "stateDirectory() follows XDG_STATE_HOME, else HOME",
  permissions: "none",
  fn: () => {
    for (const os of ["linux", "darwin", "freebsd"]) {
      const home = "/home/a/.local/state/encrypted-chatroom";
      assertState(os, { HOME: "/home/a", XDG_STATE_HOME: "/s" }, "/s/encrypted-chatroom");
      assertState(os, { XDG_STATE_HOME: "/s//" }, "/s/encrypted-chatroom");
      assertState(os, { HOME: "/home/a" }, home);
      assertState(os, { HOME: "/home/a/" }, home);
      assertState(os, { HOME: "/" }, "/.local/state/encrypted-chatroom");
    }
  },
});

Deno.test({
  name: "stateDirectory() passes over variables that are empty or relative",
  permissions: "none",
  fn: () => {
    const home = "/home/a/.local/state/encrypted-chatroom";
    for (const relative of ["", ".", "state", "~/state", " /state"]) {
      assertState("linux", { HOME: "/home/a", XDG_STATE_HOME: relative }, home);
      assertState("linux", { HOME: relative }, undefined);
      assertState("windows", { APPDATA: relative }, undefined);
    }
    assertState("linux", {}, undefined);
    assertState("linux", { APPDATA: "/data" }, undefined);
  },
});

Deno.test({
  name: "stateDirectory() follows APPDATA on Windows",
  permissions: "none",
  fn: () => {
    const roaming = "C:\\Users\\a\\AppData\\Roaming";
    assertState("windows", { APPDATA: roaming }, `${roaming}\\encrypted-chatroom`);
    assertState("windows", { APPDATA: `${roaming}\\` }, `${roaming}\\encrypted-chatroom`);
    assertState("windows", { APPDATA: "\\\\host\\share" }, "\\\\host\\share\\encrypted-chatroom");
    assertState("windows", { HOME: "/home/a", XDG_STATE_HOME: "/s" }, undefined);
  },
});

Deno.test({
  name: "roomDirectory() names a room by its id in hex",
  permissions: "none",
  fn: () => {
    const id = Uint8Array.fromHex("f55df89f04b46102a738345a5bb82fe4");
    assert.equal(roomDirectory("/s", id), "/s/rooms/f55df89f04b46102a738345a5bb82fe4");
  },
});

Deno.test({
  name: "settingsPath() follows XDG_CONFIG_HOME, else HOME; on Windows APPDATA",
  permissions: "none",
  fn: () => {
    const path = (env: Record<string, string>, os = "linux") => settingsPath((n) => env[n], os);
    const inHome = "/home/a/.config/encrypted-chatroom/config.json";
    assert.equal(path({ HOME: "/home/a" }), inHome);
    assert.equal(path({ HOME: "/home/a", XDG_CONFIG_HOME: "relative" }), inHome);
    const inConfig = "/c/encrypted-chatroom/config.json";
    assert.equal(path({ HOME: "/home/a", XDG_CONFIG_HOME: "/c/" }, "darwin"), inConfig);
    assert.equal(path({ XDG_STATE_HOME: "/s" }), undefined);
    const onWindows = "C:\\Data\\encrypted-chatroom\\config.json";
    assert.equal(path({ APPDATA: "C:\\Data", HOME: "/home/a" }, "windows"), onWindows);
    assert.equal(path({ HOME: "/home/a" }, "windows"), undefined);
  },
});

pureTest("shortenPath() puts ~ for the home directory, and for nothing else", () => {
  assert.equal(shortenPath("/home/al/a/b", "/home/al"), "~/a/b");
  assert.equal(shortenPath("/home/alb/a", "/home/al"), "/home/alb/a");
  assert.equal(shortenPath("/a/home/al/b", "/home/al"), "/a/home/al/b");
  assert.equal(shortenPath("/home/al", undefined), "/home/al");
  assert.equal(shortenPath("/a", ""), "/a");
});

pureTest("roomsDirectory() is beside the settings file", () => {
  const envs = [{ HOME: "/home/a" }, { XDG_CONFIG_HOME: "/c" }, { APPDATA: "C:\\a" }, {}];
  for (const os of ["linux", "windows"]) {
    for (const env of envs as Record<string, string>[]) {
      const expected = settingsPath((name) => env[name], os)?.replace(/config\.json$/, "rooms");
      assert.equal(roomsDirectory((name) => env[name], os), expected);
    }
  }
});
