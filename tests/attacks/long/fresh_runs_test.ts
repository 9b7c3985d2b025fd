import { testManyRuns } from "../../support/many_runs.ts";

testManyRuns(20_000, 15);
