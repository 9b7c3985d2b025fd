/**
 * The command line of `chat-server cluster-setup`.
 *
 * @module
 */

import { CLUSTER_OPTIONS, MAX_REPLICAS } from "./cluster_options.ts";
import type { PlainPhrase } from "../messages/phrases.ts";

import type { ProgramSpec } from "./spec.ts";

/** The command line of `chat-server cluster-setup`. */
export const CLUSTER_SETUP_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-server cluster-setup",
  summary: "Makes the stream of a room on several relays.",
  args: [],
  options: [
    {
      name: "key",
      short: "k",
      value: "PATH",
      help: "The room's key file",
      isPath: true,
      fallback: "secret.key",
    },
    {
      name: "keyless",
      value: "PATH",
      help: "Run from admission.pub, without the key",
      isPath: true,
    },
    ...CLUSTER_OPTIONS,
    {
      name: "replicas",
      value: "N",
      help: "Copies of each line",
      range: { min: 1, max: MAX_REPLICAS },
      otherwise: "3 where there are 3 servers",
    },
  ],
  notes: [
    "With --cluster it makes the stream. Without, it prints the stream's configuration, which nats stream add --config FILE takes, and on standard error what each relay has to be allowed.",
  ],
};
