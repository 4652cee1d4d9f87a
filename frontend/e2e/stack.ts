import { readFileSync } from "node:fs";

/** What a stack says of itself, as far as specs need it. */
export type Stack = {
  awsEndpoint: string;
  identityProvider: { poolId: string; clientId: string };
};

export function stack(): Stack {
  const description = process.env.OUTLAY_STACK;
  if (!description) throw new Error("OUTLAY_STACK must name the file that describes the stack");
  return JSON.parse(readFileSync(description, "utf8"));
}

/** The local stack lets its root user do everything; anywhere else IAM decides. */
export function asRoot(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}
