import assert from "node:assert/strict";
import { CLIENT_SPEC } from "../../lib/cli/client_spec.ts";
import { formatSettings, formatSettingsJson } from "../../lib/cli/config.ts";
import type { Setting } from "../../lib/cli/settings.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { pureTest } from "../support/pure.ts";

const SETTINGS = new Map<string, Setting>([
  ["nick", { value: undefined, origin: "default", place: "" }],
  ["stay", { value: true, origin: "file", place: "/c.json" }],
  ["backlog", { value: 7, origin: "environment", place: "CHAT_BACKLOG" }],
  ["bell", { value: "off", origin: "command line", place: "" }],
]);

pureTest("formatSettings() writes values as JSON does, and where each is from", () => {
  assert.deepEqual(formatSettings(CLIENT_SPEC, SETTINGS, sayIn("en")), [
    "nick =                          # default: your login name",
    "stay = true                     # settings file /c.json",
    "backlog = 7                     # environment CHAT_BACKLOG",
    'bell = "off"                    # command line',
  ]);
  assert.deepEqual(formatSettings(CLIENT_SPEC, SETTINGS, sayIn("fr")), [
    "nick =                          # par défaut : votre nom de session",
    "stay = true                     # fichier de réglages /c.json",
    "backlog = 7                     # variable CHAT_BACKLOG",
    'bell = "off"                    # ligne de commande',
  ]);
});

pureTest("formatSettingsJson() has the same in every language", () => {
  for (const language of ["en", "fr"] as const) {
    assert.deepEqual(JSON.parse(formatSettingsJson(SETTINGS, sayIn(language))), {
      nick: { value: null, source: "default" },
      stay: { value: true, source: "settings file /c.json" },
      backlog: { value: 7, source: "environment CHAT_BACKLOG" },
      bell: { value: "off", source: "command line" },
    });
  }
});

pureTest("formatSettings() hides what looks like a key, with and without its padding", () => {
  const key = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
  for (const value of [key, key.slice(0, -1), ` ${key}\n`, `identity1.${key.slice(0, 43)}.x`]) {
    const settings = new Map([[
      "key",
      { value, origin: "environment", place: "CHAT_KEY" } as const,
    ]]);
    const text = formatSettings(CLIENT_SPEC, settings, sayIn("en")).join("\n") +
      formatSettingsJson(settings, sayIn("en"));
    assert.ok(!text.includes(key.slice(0, 20)), text);
  }
});
