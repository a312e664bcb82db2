import type { Clock } from "../clock/clock.ts";
import type { ResourceGraph } from "../graph/resource.ts";
import type { Ports } from "./ports.ts";

/** Input or output of an operation, in the shape of the AWS SDK v3 (PascalCase members, `Date` and `Uint8Array` allowed). */
export type Shape = Readonly<Record<string, unknown>>;

/** An error as the service itself would answer it; the gateway writes it in the protocol's form. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the modelled error. */
  readonly fields: Shape;
  constructor(code: string, message: string, status = 400, fields: Shape = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}

/** Fail closed: an operation, parameter or feature the runtime does not have. `what` names it, e.g. `s3:PutObjectAcl`. */
export class NotImplementedLocally extends AwsError {
  constructor(what: string) {
    super("NotImplementedLocally", `The local runtime does not implement ${what}; it refuses rather than guess.`, 501);
  }
}

/** Who is calling. Roles only: the runtime knows no users. */
export interface Principal {
  readonly roleArn: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
  readonly sessionArn: string;
  /** Set when a service acts under the role, e.g. `firehose.amazonaws.com`. */
  readonly viaService?: string;
}

/** One authorised conversation: who calls, and the question whether they may. */
export interface Call {
  readonly principal: Principal;
  readonly requestId: string;
  /**
   * Decides by the graph's identity and resource policies, and records the grant as used.
   * Every operation asks at least once before it acts.
   * @param action IAM action, e.g. `kinesis:PutRecords`; one that AWS does not have is a programming error and throws.
   * @param resource ARN, or `*` for actions without resource types.
   * @param context condition keys of the request, e.g. `{ "kms:ViaService": "s3.eu-west-1.amazonaws.com" }`
   * @throws AwsError `AccessDeniedException` naming role, action and resource.
   */
  authorize(action: string, resource: string, context?: Readonly<Record<string, string | readonly string[]>>): void;
}

/** Answers one operation. Input members it does not know are refused by name (NotImplementedLocally). */
export type Operation = (input: Shape, call: Call) => Promise<Shape> | Shape;

/** How an operation travels over HTTP. */
export type Binding =
  /** AwsJson: `X-Amz-Target: <target>.<Operation>` */
  | { readonly protocol: "json"; readonly version: "1.0" | "1.1"; readonly target: string }
  /** Form-encoded `Action=...`, XML answers. */
  | { readonly protocol: "query"; readonly xmlns: string }
  /** Method + path with `{Label}` and `{Label+}` segments; body members JSON; labels and query become members. */
  | { readonly protocol: "rest-json"; readonly routes: readonly Route[] }
  /** The service reads and writes HTTP itself (S3). */
  | { readonly protocol: "http"; readonly handle: (request: HttpRequest, call: Call) => Promise<HttpResponse> };

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  /** Member that takes the whole body as bytes, in the request and in the answer (Lambda `Payload`). */
  readonly payload?: string;
  /** Query parameter -> member. */
  readonly query?: Readonly<Record<string, string>>;
  /** Header (lower case) -> member. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Status of a success; default 200. */
  readonly status?: number;
  /** What of the output travels outside the body: header (lower case) -> member, and the member that is the status. */
  readonly answer?: { readonly headers?: Readonly<Record<string, string>>; readonly status?: string };
}

export interface HttpRequest {
  readonly method: string;
  /** Decoded path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whole body, with aws-chunked framing removed. */
  readonly body: Buffer;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** One AWS service on this machine. A folder `local/aws/<service>/` exports one factory of it. */
export interface Service {
  /** SigV4 signing name: `kinesis`, `firehose`, `states`, ... */
  readonly name: string;
  readonly binding: Binding;
  /** By operation name as in the SDK; also what `Dispatch` calls in process. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** Pulumi types this service runs; `c360 doctor` lists every other type of the graph as not run. */
  readonly runs: readonly string[];
  /** Types that exist in the graph and need nothing at run time, with the reason. */
  readonly ignores?: Readonly<Record<string, string>>;
  /** Operations that AWS answers to anybody, so that they need not authorise (sts:GetCallerIdentity). */
  readonly open?: readonly string[];
  /** Resumes persisted state, arms timers. Called once all services exist. */
  start?(): Promise<void>;
  /** Flushes to disk; afterwards the process may end. */
  stop?(): Promise<void>;
}

/** Calls another service in process, as the SDK would, under the caller's permissions. */
export type Dispatch = (service: string, operation: string, input: Shape, call: Call) => Promise<Shape>;

/** What a service is made from. */
export interface ServiceContext {
  readonly graph: ResourceGraph;
  readonly clock: Clock;
  /** This service's own state folder under `.c360/`; exists. */
  readonly home: string;
  readonly region: string;
  readonly account: string;
  readonly dispatch: Dispatch;
  /** A call under a role of the graph, made by an AWS service: trust policy checked (sts:AssumeRole by the service). */
  readonly assume: (roleArn: string, service: string, sourceArn?: string) => Call;
  /** A call by a service principal itself, which only resource policies can allow (EventBridge -> Lambda, SES -> bus). */
  readonly servicePrincipal: (service: string, sourceArn: string) => Call;
  /** In-process doors of services that others stand on; each is filled before any `start()`. */
  readonly ports: Ports;
  /** Publishes a metric datum (CloudWatch names); alarms of the graph are evaluated on it. */
  readonly metric: (
    namespace: string,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
  ) => void;
  /** Chaos: whether the worker of this function shall die in the middle of its next invocation. Absent: never. */
  readonly kills?: (functionName: string) => boolean;
  /** One line for the runtime's log. Never PII. */
  readonly log: (message: string, fields?: Shape) => void;
  /** Address the SDK reaches, e.g. `http://127.0.0.1:4566`; valid from `start()` on. */
  readonly endpoint: () => string;
  /** Environment with which SDK code acts as this role: endpoint, region, keys. */
  readonly environmentFor: (roleArn: string) => Readonly<Record<string, string>>;
}

export type ServiceFactory = (context: ServiceContext) => Service;
