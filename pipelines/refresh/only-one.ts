import { retryCalls } from "./states.ts";

/** Executions of this machine that began before this one; of two that began together, the smaller ARN is the earlier. */
const earlier = `{% (${[
  "$self := $states.context.Execution",
  "$listed := $states.result.Executions[ExecutionArn = $self.Id].StartDate",
  "$start := $toMillis($exists($listed) ? $listed : $self.StartTime)",
  `[$states.result.Executions[ExecutionArn != $self.Id and ($toMillis(StartDate) < $start or \
($toMillis(StartDate) = $start and ExecutionArn < $self.Id))].{"name": Name, "since": StartDate}]`,
].join("; ")}) %}`;

/**
 * States that let an execution go on to `next` only when no earlier one runs, else end it with the error `AlreadyRunning`.
 * Of several that see each other exactly one goes on. The list of executions is eventually consistent: two that start
 * within the same moment may miss each other.
 */
export const onlyOne = (next: string) => ({
  FindOthers: {
    Type: "Task",
    Resource: "arn:aws:states:::aws-sdk:sfn:listExecutions",
    // The machine knows its own ARN: a definition that held it would depend on itself.
    Arguments: { StateMachineArn: "{% $states.context.StateMachine.Id %}", StatusFilter: "RUNNING" },
    Retry: retryCalls,
    Assign: { earlier },
    Output: "{% $states.input %}",
    Next: "IsFirst",
  },
  IsFirst: {
    Type: "Choice",
    Choices: [{ Condition: "{% $count($earlier) > 0 %}", Next: "AlreadyRunning" }],
    Default: next,
  },
  AlreadyRunning: {
    Type: "Fail",
    Error: "AlreadyRunning",
    Cause:
      "{% 'The refresh ' & $earlier[0].name & ' has been running since ' & $earlier[0].since & " +
      "'. This one has changed nothing; start it again when that one has ended.' %}",
  },
});
