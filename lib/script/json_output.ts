/**
 * Makes objects for a bot from what happens in a room.
 *
 * The types of the objects are promised to bots, and those of lib/client/events.ts are not. Each
 * field is named here. A field that only one of the two sides has does not compile.
 *
 * @module
 * @see docs/JSON.md, "Output"
 */

import type { Happening, ShownMessage } from "../client/events.ts";
import { fill } from "../messages/wording.ts";
import type { JsonHappening, JsonMessage } from "./json_types.ts";

/**
 * Makes the object of another member's message. The texts stay as they came.
 */
export function formatMessage(message: ShownMessage): JsonMessage {
  const { kind: type, form, id = null, nickname = null, text, trust, age, time, ...more } = message;
  // Only this user's own messages have a recipient, and a bot is not told of them.
  const {
    isLate: late,
    isMention: mention,
    isOwn: _own,
    recipient: _to,
    recipientId: _id,
    mark: _mark,
    // In the words of one language: a program compares names by itself.
    doubt: _doubt,
    // A bot is told of it as an event.
    offered: _offered,
    ...rest
  } = more;
  const from = { nickname, id };
  return complete({ type, time, form, from, text, trust, age, late, mention }, rest);
}

/**
 * Makes the object of an event that is no message. The texts stay as they came.
 *
 * @param event What happened.
 * @param time The time of the event, in unix seconds.
 */
export function formatHappening(event: Happening, time: number): JsonHappening {
  switch (event.kind) {
    case "joined":
    case "returned":
    case "left":
    case "lost":
    case "back": {
      const { kind: type, id, nickname, trust, ...rest } = event;
      return complete({ type, time, id, nickname, trust }, rest);
    }
    case "away": {
      const { kind: type, id, nickname, trust, reason, ...rest } = event;
      return complete({ type, time, id, nickname, trust, reason }, rest);
    }
    case "renamed": {
      const { kind: type, id, before, nickname, trust, ...rest } = event;
      return complete({ type, time, id, before, nickname, trust }, rest);
    }
    case "missing":
    case "mended": {
      const { kind: type, id, nickname, trust, count, ...rest } = event;
      return complete({ type, time, id, nickname, trust, count }, rest);
    }
    case "impostor": {
      const { kind: type, nickname, ...rest } = event;
      return complete({ type, time, nickname }, rest);
    }
    case "rejected": {
      const { kind: type, reason, count, ...rest } = event;
      return complete({ type, time, reason, count }, rest);
    }
    case "live": {
      const { kind: type, isAgain: again, ...rest } = event;
      return complete({ type, time, again }, rest);
    }
    case "disconnected": {
      const { kind: type, reason, ...rest } = event;
      return complete({ type, time, reason: fill(reason) }, rest);
    }
    case "rotation": {
      const { kind: type, state, id, nickname, trust, generation, names, count, ...rest } = event;
      const about = { state, id, nickname, trust, generation, names, count };
      return complete({ type, time, ...about }, rest);
    }
    case "offer": {
      const { kind: type, id, nickname, trust, number, name, size, isPrivate, ...rest } = event;
      const file = { number, name, size, private: isPrivate };
      return complete({ type, time, id, nickname, trust, ...file }, rest);
    }
    case "transfer": {
      const { kind: type, number, direction, nickname, name, size, bytes, state, ...more } = event;
      const { path, reason, isHopeless: _isHopeless, ...rest } = more;
      const why = typeof reason === "object" ? fill(reason) : reason;
      return complete({
        ...{ type, time, number, direction, nickname, name, size, bytes, state },
        ...path === undefined ? {} : { path },
        ...why === undefined ? {} : { reason: why },
      }, rest);
    }
    case "clock": {
      const { kind: type, seconds, ...rest } = event;
      return complete({ type, time, seconds }, rest);
    }
  }
}

/** Returns an object. The type check fails if a field of the event is left over. */
function complete<Line>(line: Line, _rest: Readonly<Record<string, never>>): Line {
  return line;
}
