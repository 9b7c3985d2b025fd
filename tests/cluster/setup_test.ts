import assert from "node:assert/strict";
import { setUpStream } from "../../lib/cluster/setup.ts";
import { namesOf } from "../../lib/cluster/stream_info.ts";
import { Nats } from "../support/nats.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "env", "nats"] as const;

testNeeding(
  NEEDS,
  "setUpStream() makes a stream once, and looks at the one that is there",
  async () => {
    await withDirectory(async (directory) => {
      await using nats = await Nats.start({ directory, hasStream: false });
      const options = { servers: nats.servers, credentials: undefined, ca: undefined };
      const setUp = (roomId: string, replicas?: number) => {
        return setUpStream({ ...options, roomId, replicas });
      };
      assert.deepEqual(await setUp("ab"), { kind: "made", replicas: 1 });
      assert.deepEqual(await setUp("ab"), { kind: "there" });
      await assert.rejects(setUp("cd", 3), /replicas > 1 not supported in non-clustered mode/);
      const connection = await nats.connect();
      const { stream, lines } = namesOf("ef");
      const config = { name: stream, subjects: [`${lines}.>`], max_msg_size: 1 };
      await connection.request(`$JS.API.STREAM.CREATE.${stream}`, config);
      await connection.close();
      const differences = ["subjects", "max_msg_size"];
      assert.deepEqual(await setUp("ef"), { kind: "other", differences });
      const port = nats.ports[0]!;
      const dead = { ...nats.servers[0]!, port: port + 1 };
      const both = { ...options, roomId: "ab", replicas: undefined };
      assert.deepEqual(await setUpStream({ ...both, servers: [dead, ...nats.servers] }), {
        kind: "there",
      });
      await assert.rejects(
        setUpStream({ ...both, servers: [dead] }),
        RegExp(`:${port + 1}: .*refused`),
      );
    });
  },
);
