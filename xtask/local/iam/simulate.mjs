// The policies of the tenants' data roles before an evaluator that is not the emulator's: what is a tenant's own is
// allowed, all else is denied; and six seeded faults in those policies are seen. Prints its figures as JSON.
// Called by `cargo xtask prove` with the JSON of xtask/local/roles.py on its standard input.

import { readFileSync } from "node:fs";
import { runSimulation } from "@cloud-copilot/iam-simulate";

const ACCOUNT = "000000000000";
const OWN = "ten_0000000000000000000000000a";
const OTHER = "ten_0000000000000000000000000b";

const READS = ["dynamodb:GetItem", "dynamodb:Query"];
const WRITES = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"];
const NOBODYS = ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem"];

const listed = (value) => (Array.isArray(value) ? value : [value]);
const resources = (role) => role.policies.flatMap(({ policy }) => policy.Statement.flatMap((s) => listed(s.Resource)));

/** What a session of this role asks for, and whether it is to get it. */
function table(role) {
  const all = resources(role);
  const table = all.find((arn) => arn.includes(":table/") && !arn.includes("/index/"));
  const index = all.find((arn) => arn.includes("/index/"));
  const bucket = all.find((arn) => arn.startsWith("arn:aws:s3:::")).split("/")[0];
  const writes = role.name.includes("Write");
  const item = (action, keys, allowed, resource = table, tag = OWN) => ({ action, resource, allowed, context: { "dynamodb:LeadingKeys": keys, ...tagged(tag) } });
  const object = (action, key, allowed) => ({ action, resource: `${bucket}/${key}`, allowed, context: tagged(OWN) });
  const list = (prefix, allowed) => ({ action: "s3:ListBucket", resource: bucket, allowed, context: { ...tagged(OWN), "s3:prefix": prefix } });
  const own = `TENANT#${OWN}`;
  const other = `TENANT#${OTHER}`;
  const rows = [...READS, ...WRITES, ...NOBODYS].flatMap((action) => {
    const may = READS.includes(action) || (writes && WRITES.includes(action));
    return [
      item(action, [own], may),
      item(action, [`${own}#UPLOAD#u`], may),
      item(action, [other], false),
      item(action, [`${other}#UPLOAD#u`], false),
      item(action, [own, other], false),
      item(action, [`${own}x`], false),
      item(action, [own.slice(0, -1)], false),
      item(action, ["SYSTEM"], false),
      item(action, [own], false, table, null),
      item(action, [other], false, table, "*"),
    ];
  });
  rows.push(
    item("dynamodb:Query", [own], true, index),
    item("dynamodb:Query", [other], false, index),
    { action: "dynamodb:Scan", resource: table, allowed: false, context: tagged(OWN) },
    { action: "dynamodb:PartiQLSelect", resource: table, allowed: false, context: tagged(OWN) },
    { action: "dynamodb:GetItem", resource: table, allowed: false, context: tagged(OWN) },
    object("s3:GetObject", `rollup/tenant=${OWN}/x`, true),
    object("s3:GetObject", `rollup/tenant=${OTHER}/x`, false),
    object("s3:GetObject", `rollup/tenant=${OWN}x/x`, false),
    object("s3:GetObject", `nothing/tenant=${OWN}/x`, false),
    object("s3:PutObject", `lake/tenant=${OWN}/x`, writes),
    object("s3:PutObject", `lake/tenant=${OTHER}/x`, false),
    list(`lake/tenant=${OWN}/`, writes),
    list(`lake/tenant=${OTHER}/`, false),
    list(`lake/tenant=${OWN}`, false),
    list("lake/", false),
  );
  return rows;
}

function tagged(tenant) {
  return tenant === null ? {} : { "aws:PrincipalTag/tenant_id": tenant };
}

/** Whether the policies decide as the row says. */
async function holds(role, { action, resource, allowed, context }) {
  const result = await runSimulation(
    {
      request: { action, resource: { resource, accountId: ACCOUNT }, principal: `arn:aws:iam::${ACCOUNT}:role/${role.name}`, contextVariables: context },
      identityPolicies: role.policies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  const found = result.resultType === "error" || result.errors ? undefined : result.overallResult ?? result.analysis?.result;
  if (found === undefined) {
    throw new Error(`${role.name} ${action} ${resource}: ${JSON.stringify(result).slice(0, 600)}`);
  }
  return (found === "Allowed") === allowed;
}

async function faults(role) {
  const found = [];
  for (const row of table(role)) {
    if (!(await holds(role, row))) {
      found.push(`${role.name}: ${row.action} on ${row.resource} with ${JSON.stringify(row.context)} must be ${row.allowed ? "allowed" : "denied"}`);
    }
  }
  return found;
}

/** The faults of promise 5, seeded into the text of a role's policies. */
const MUTANTS = [
  ["misspelt key", '"ForAllValues:StringLike":{"dynamodb:LeadingKeys"', '"ForAllValues:StringLike":{"dynamodb:LeadingKey"'],
  ["no Null guard", '"dynamodb:LeadingKeys":"false"', '"aws:PrincipalTag/tenant_id":"false"'],
  ["* action", '"dynamodb:GetItem"', '"dynamodb:*"'],
  ["no slash", "tenant_id}/*", "tenant_id}*"],
  ["no #", "tenant_id}#*", "tenant_id}*"],
  ["Scan", '"dynamodb:Query"', '"dynamodb:Scan"'],
];

const roles = JSON.parse(readFileSync(0, "utf8")).filter((role) => /Tenant(Read|Write)Role/.test(role.name));
const found = (await Promise.all(roles.map(faults))).flat();
const survivors = [];
for (const [what, from, to] of MUTANTS) {
  const reader = roles.find((role) => role.name.includes("TenantReadRole"));
  const text = JSON.stringify(reader.policies);
  if (!text.includes(from)) {
    survivors.push(`${what}: the policy has no ${from}`);
    continue;
  }
  const killed = await faults({ ...reader, policies: JSON.parse(text.replaceAll(from, to)) }).then((f) => f.length > 0, () => true);
  if (!killed) survivors.push(what);
}
console.log(JSON.stringify({ roles: roles.length, decisions: roles.map(table).flat().length, faults: found, mutants: MUTANTS.length, survivors }));
