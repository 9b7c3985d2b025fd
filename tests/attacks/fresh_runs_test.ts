import { testManyRuns } from "../support/many_runs.ts";

testManyRuns(3000, 5);
