//! What each data role's session may reach: the promise of DESIGN section 9, call by call.

use outlay_testkit::Account;

use super::calls::{
    Row, allowed, allowed_if, copy, delete_all, denied, dynamodb, join, lake, list, person, ping,
    rollup, s3, store,
};

/// A tenant with a bill: its keys and the names of its real objects.
pub(super) struct Party {
    pub(super) tenant: String,
    pub(super) user: String,
    version: String,
    inbox: String,
}

impl Party {
    pub(super) fn of(account: &Account) -> Self {
        let answer = account.get("/v1/uploads").unwrap().expect(200).unwrap();
        let upload = answer.json().unwrap()["items"][0].take();
        let text = |pointer: &str| {
            upload
                .pointer(pointer)
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned()
        };
        let tenant = &account.tenant_id;
        Self {
            version: text("/bills/0/versionId"),
            inbox: format!(
                "inbox/tenant={tenant}/{}/{}",
                text("/id"),
                text("/fileName")
            ),
            tenant: tenant.clone(),
            user: account.user_id.clone(),
        }
    }

    pub(super) fn partition(&self) -> String {
        format!("TENANT#{}", self.tenant)
    }

    pub(super) fn audit(&self) -> String {
        format!("AUDIT#{}#2026-11", self.tenant)
    }

    fn audit_of_the_person(&self) -> String {
        format!("AUDIT#{}#2026-11", self.user)
    }

    pub(super) fn person(&self) -> String {
        format!("USER#{}", self.user)
    }

    fn prefix(&self, kind: &str) -> String {
        format!("{kind}/tenant={}/", self.tenant)
    }

    fn object(&self, kind: &str) -> String {
        format!("{}probe", self.prefix(kind))
    }
}

/// A session of TenantReadRole (`writes` false) or TenantWriteRole for `own`.
pub(super) fn of_a_tenant(own: &Party, other: &Party, writes: bool) -> Vec<Row> {
    let mut table = own_items(own, writes);
    table.extend(foreign_items(own, other));
    table.extend(around_the_key(own, other));
    table.extend(own_objects(own, writes));
    table.extend(foreign_objects(own, other));
    table
}

fn own_items(own: &Party, writes: bool) -> Vec<Row> {
    let (tenant, pk) = (own.tenant.as_str(), own.partition());
    let part = format!("{pk}#UPLOAD#probe");
    let (pk, part, audit) = (pk.as_str(), part.as_str(), own.audit());
    let mut table = allowed("own tenant").on([
        ("TenantTable get", store("get", tenant)),
        ("TenantTable list", store("list", tenant)),
        ("TransactGetItems", dynamodb("transactGetItems", [pk, part])),
        ("Query", dynamodb("query", [pk])),
        ("GetItem of a part", dynamodb("getItem", [part])),
    ]);
    table.extend(allowed_if(writes, "own tenant").on([
        ("TenantTable create", store("create", tenant)),
        ("TenantTable delete", store("delete", tenant)),
        ("TenantTable check", store("check", tenant)),
        ("PutItem", dynamodb("putItem", [pk])),
        ("UpdateItem", dynamodb("updateItem", [pk])),
        (
            "TransactWriteItems",
            dynamodb("transactWriteItems", [pk, part]),
        ),
        ("DeleteItem", dynamodb("deleteItem", [pk])),
        ("DeleteItem of a part", dynamodb("deleteItem", [part])),
        ("PutItem to the audit", dynamodb("putItem", [&audit])),
    ]));
    table.extend(
        allowed_if(!writes, "own tenant").on([("Query of the audit", dynamodb("query", [&audit]))]),
    );
    table.extend(denied("own tenant").on([
        ("GetItem of the audit", dynamodb("getItem", [&audit])),
        ("UpdateItem of the audit", dynamodb("updateItem", [&audit])),
        ("DeleteItem of the audit", dynamodb("deleteItem", [&audit])),
        // No code of the house asks the index, or in batches.
        ("Query of gsi1", dynamodb("queryGsi1", [pk])),
        ("BatchGetItem", dynamodb("batchGetItem", [pk, part])),
        ("BatchWriteItem", dynamodb("batchWriteItem", [pk, part])),
    ]));
    table
}

fn foreign_items(own: &Party, other: &Party) -> Vec<Row> {
    let (tenant, own, pk) = (other.tenant.as_str(), own.partition(), other.partition());
    let part = format!("{pk}#UPLOAD#probe");
    let (own, pk, audit) = (own.as_str(), pk.as_str(), other.audit());
    denied("another tenant").on([
        ("TenantTable get", store("get", tenant)),
        ("TenantTable list", store("list", tenant)),
        ("TenantTable create", store("create", tenant)),
        ("TenantTable delete", store("delete", tenant)),
        ("TenantTable check", store("check", tenant)),
        ("GetItem", dynamodb("getItem", [pk])),
        ("GetItem of a part", dynamodb("getItem", [&part])),
        ("Query", dynamodb("query", [pk])),
        ("Query of gsi1", dynamodb("queryGsi1", [pk])),
        ("BatchGetItem", dynamodb("batchGetItem", [pk])),
        ("BatchGetItem, one own", dynamodb("batchGetItem", [own, pk])),
        (
            "TransactGetItems, one own",
            dynamodb("transactGetItems", [own, pk]),
        ),
        ("PutItem", dynamodb("putItem", [pk])),
        ("UpdateItem", dynamodb("updateItem", [pk])),
        ("DeleteItem", dynamodb("deleteItem", [pk])),
        (
            "BatchWriteItem, one own",
            dynamodb("batchWriteItem", [own, pk]),
        ),
        (
            "TransactWriteItems, one own",
            dynamodb("transactWriteItems", [own, pk]),
        ),
        ("PutItem to the audit", dynamodb("putItem", [&audit])),
    ])
}

/// Keys that look like one's own, keys that are no tenant's, and calls that name no key.
fn around_the_key(own: &Party, other: &Party) -> Vec<Row> {
    let pk = own.partition();
    let longer = format!("{pk}x");
    let (shorter, person) = (&pk[..pk.len() - 1], own.person());
    let (pk, longer, foreign) = (pk.as_str(), longer.as_str(), other.partition());
    let mut table = denied("a neighbouring key").on([
        ("GetItem, one letter more", dynamodb("getItem", [longer])),
        ("Query, one letter more", dynamodb("query", [longer])),
        ("PutItem, one letter more", dynamodb("putItem", [longer])),
        ("GetItem, one letter less", dynamodb("getItem", [shorter])),
        ("GetItem of TENANT#", dynamodb("getItem", ["TENANT#"])),
        ("GetItem of TENANT#*", dynamodb("getItem", ["TENANT#*"])),
    ]);
    table.extend(denied("not a tenant's").on([
        ("GetItem of oneself", dynamodb("getItem", [&person])),
        (
            "GetItem of an address",
            dynamodb("getItem", ["EMAIL#probe"]),
        ),
        ("GetItem of the platform", dynamodb("getItem", ["SYSTEM"])),
        ("PutItem to a rate", dynamodb("putItem", ["RATE#probe"])),
    ]));
    table.extend(denied("without a key").on([
        ("Scan", dynamodb("scan", [])),
        ("Scan of gsi1", dynamodb("scanGsi1", [])),
        (
            "PartiQL select of one's own",
            dynamodb("selectPartiql", [pk]),
        ),
        (
            "PartiQL select of another's",
            dynamodb("selectPartiql", [&foreign]),
        ),
        (
            "PartiQL insert of one's own",
            dynamodb("insertPartiql", [pk]),
        ),
    ]));
    table
}

fn own_objects(own: &Party, writes: bool) -> Vec<Row> {
    let tenant = own.tenant.as_str();
    let kind = |kind: &str| own.object(kind);
    let mut table =
        allowed("own tenant").on([("TenantObjects roll-up", rollup(tenant, &own.version))]);
    table.extend(allowed_if(writes, "own tenant").on([
        ("TenantObjects evidence", lake("putEvidence", tenant)),
        ("GetObject of inbox/", s3("get", &own.inbox)),
        ("ListObjects of inbox/", list(Some(&own.prefix("inbox")))),
        ("ListObjects of lake/", list(Some(&own.prefix("lake")))),
        ("ListObjects of rollup/", list(Some(&own.prefix("rollup")))),
        (
            "ListObjects of evidence/",
            list(Some(&own.prefix("evidence"))),
        ),
        ("PutObject to lake/", s3("put", &kind("lake"))),
        ("PutObject to rollup/", s3("put", &kind("rollup"))),
        ("CopyObject to lake/", copy(&own.inbox, &kind("lake"))),
        (
            "DeleteObjects",
            delete_all([&kind("lake"), &kind("rollup")]),
        ),
        ("DeleteObject of lake/", s3("delete", &kind("lake"))),
        ("DeleteObject of rollup/", s3("delete", &kind("rollup"))),
    ]));
    table.extend(denied("own tenant").on([
        ("PutObject to athena/", s3("put", &kind("athena"))),
        ("PutObject of a new kind", s3("put", &kind("reports"))),
    ]));
    table
}

fn foreign_objects(own: &Party, other: &Party) -> Vec<Row> {
    let tenant = other.tenant.as_str();
    let kind = |kind: &str| other.object(kind);
    let bare = format!("lake/tenant={}", own.tenant);
    let longer = format!("{bare}x/probe");
    let mut table = denied("another tenant").on([
        ("TenantObjects roll-up", rollup(tenant, &other.version)),
        ("TenantObjects evidence", lake("putEvidence", tenant)),
        ("TenantObjects delete", lake("deleteVersion", tenant)),
        ("GetObject of inbox/", s3("get", &other.inbox)),
        ("PutObject to inbox/", s3("put", &kind("inbox"))),
        ("PutObject to lake/", s3("put", &kind("lake"))),
        ("PutObject to rollup/", s3("put", &kind("rollup"))),
        ("DeleteObject of lake/", s3("delete", &kind("lake"))),
        (
            "CopyObject out of inbox/",
            copy(&other.inbox, &own.object("lake")),
        ),
        ("CopyObject into lake/", copy(&own.inbox, &kind("lake"))),
        ("DeleteObjects", delete_all([&kind("lake")])),
        (
            "DeleteObjects, one own",
            delete_all([&own.object("lake"), &kind("lake")]),
        ),
        ("ListObjects of lake/", list(Some(&other.prefix("lake")))),
        ("ListObjects of inbox/", list(Some(&other.prefix("inbox")))),
    ]);
    table.extend(denied("a neighbouring prefix").on([
        ("PutObject, one letter more", s3("put", &longer)),
        ("GetObject, one letter more", s3("get", &longer)),
        ("ListObjects without the slash", list(Some(&bare))),
        ("ListObjects of all tenants", list(Some("lake/"))),
        ("ListObjects without a prefix", list(None)),
        ("ListObjects of an empty prefix", list(Some(""))),
    ]));
    table
}

/// A session of RegistryRole for `own`'s tenant and person.
pub(super) fn of_the_registry(own: &Party, other: &Party) -> Vec<Row> {
    let (tenant, user) = (own.tenant.as_str(), own.user.as_str());
    let (pk, longer) = (own.partition(), format!("{}x", own.person()));
    let foreign = other.partition();
    let mut table = allowed("own person and tenant").on([
        ("RegistryTable get", person("user", user)),
        ("RegistryTable list", person("signIns", user)),
        ("TenantTable get", store("get", tenant)),
        ("Transaction of both", join(user, tenant)),
        (
            "GetItem of an address",
            dynamodb("getItem", ["EMAIL#probe"]),
        ),
        ("PutItem to the audit", dynamodb("putItem", [&own.audit()])),
        (
            "PutItem to the person's audit",
            dynamodb("putItem", [&own.audit_of_the_person()]),
        ),
        (
            "Query of the person's audit",
            dynamodb("query", [&own.audit_of_the_person()]),
        ),
    ]);
    table.extend(denied("another person or tenant").on([
        (
            "Query of another person's audit",
            dynamodb("query", [&other.audit_of_the_person()]),
        ),
        ("Query of the audit", dynamodb("query", [&own.audit()])),
        (
            "DeleteItem of the person's audit",
            dynamodb("deleteItem", [&own.audit_of_the_person()]),
        ),
        (
            "PutItem to another person's audit",
            dynamodb("putItem", [&other.audit_of_the_person()]),
        ),
        ("RegistryTable get", person("user", &other.user)),
        ("RegistryTable list", person("signIns", &other.user)),
        ("TenantTable get", store("get", &other.tenant)),
        ("TenantTable list", store("list", &other.tenant)),
        ("TenantTable create", store("create", &other.tenant)),
        ("Transaction, other tenant", join(user, &other.tenant)),
        ("Transaction, other person", join(&other.user, tenant)),
        (
            "BatchGetItem, one own",
            dynamodb("batchGetItem", [&pk, &foreign]),
        ),
        ("Query of gsi1", dynamodb("queryGsi1", [&pk])),
        (
            "Query of gsi1, another's",
            dynamodb("queryGsi1", [&foreign]),
        ),
        (
            "PutItem to the audit",
            dynamodb("putItem", [&other.audit()]),
        ),
        ("PutItem, one letter more", dynamodb("putItem", [&longer])),
        (
            "PutItem to the person",
            dynamodb("putItem", [&other.person()]),
        ),
        ("GetItem of the platform", dynamodb("getItem", ["SYSTEM"])),
        ("GetItem of the audit", dynamodb("getItem", [&own.audit()])),
        (
            "DeleteItem of the audit",
            dynamodb("deleteItem", [&own.audit()]),
        ),
        ("Scan", dynamodb("scan", [])),
        ("PartiQL select", dynamodb("selectPartiql", [&pk])),
    ]));
    table.extend(no_objects(own));
    table
}

/// A session of RegistryRole for nobody: what registering and signing in begin with.
pub(super) fn of_the_registry_for_nobody(own: &Party) -> Vec<Row> {
    let mut table = allowed("an address").on([
        ("GetItem", dynamodb("getItem", ["EMAIL#probe"])),
        ("Query", dynamodb("query", ["EMAIL#probe"])),
    ]);
    table.extend(denied("anybody").on([
        ("RegistryTable get", person("user", &own.user)),
        ("TenantTable get", store("get", &own.tenant)),
        ("Transaction of both", join(&own.user, &own.tenant)),
        ("PutItem to the audit", dynamodb("putItem", [&own.audit()])),
        (
            "Query of the person's audit",
            dynamodb("query", [&own.audit_of_the_person()]),
        ),
        ("Scan", dynamodb("scan", [])),
    ]));
    table.extend(no_objects(own));
    table
}

/// A session of OperatorRole (`changes`) or OperatorReadRole for `own`'s tenant and person.
pub(super) fn of_the_operator(own: &Party, other: &Party, changes: bool) -> Vec<Row> {
    let (tenant, user) = (own.tenant.as_str(), own.user.as_str());
    let (pk, foreign) = (own.partition(), other.partition());
    let (part, audit) = (format!("{pk}#UPLOAD#probe"), "AUDIT#PLATFORM#2026-11");
    let mut table = allowed("the platform, one person and one tenant").on([
        ("RegistryTable get", person("user", user)),
        ("RegistryTable list", person("signIns", user)),
        ("TenantTable get", store("get", tenant)),
        ("TenantTable list", store("list", tenant)),
        (
            "GetItem of an address",
            dynamodb("getItem", ["EMAIL#probe"]),
        ),
        ("GetItem of the platform", dynamodb("getItem", ["SYSTEM"])),
        (
            "PutItem to the platform's audit",
            dynamodb("putItem", [audit]),
        ),
        (
            "UpdateItem of a rate",
            dynamodb("updateItem", ["RATE#probe"]),
        ),
    ]);
    table.extend(allowed_if(changes, "to be changed").on([
        ("Transaction of both", join(user, tenant)),
        ("PutItem to the platform", dynamodb("putItem", ["SYSTEM"])),
        ("PutItem", dynamodb("putItem", [&pk])),
        ("DeleteItem", dynamodb("deleteItem", [&pk])),
        (
            "PutItem to an address",
            dynamodb("putItem", ["EMAIL#probe"]),
        ),
        (
            "PutItem to the tenant's audit",
            dynamodb("putItem", [&own.audit()]),
        ),
    ]));
    table.extend(allowed_if(!changes, "to be seen").on([
        ("Query of the directory", dynamodb("query", ["DIR#TENANTS"])),
        (
            "Query of signs of life",
            dynamodb("query", ["HEARTBEAT#PLATFORM"]),
        ),
        (
            "Query of downtimes",
            dynamodb("query", ["DOWNTIME#2026-11"]),
        ),
        ("Query of the platform's audit", dynamodb("query", [audit])),
    ]));
    table.extend(denied("what is not administered").on([
        ("RegistryTable get", person("user", &other.user)),
        ("RegistryTable list", person("signIns", &other.user)),
        ("TenantTable get", store("get", &other.tenant)),
        ("TenantTable list", store("list", &other.tenant)),
        ("TenantTable create", store("create", &other.tenant)),
        ("Transaction, other tenant", join(user, &other.tenant)),
        ("Transaction, other person", join(&other.user, tenant)),
        ("Query of gsi1", dynamodb("queryGsi1", [&pk])),
        (
            "BatchGetItem, one own",
            dynamodb("batchGetItem", [&pk, &foreign]),
        ),
        ("GetItem of a part", dynamodb("getItem", [&part])),
        ("UpdateItem", dynamodb("updateItem", [&pk])),
        ("PutItem to a rate", dynamodb("putItem", ["RATE#probe"])),
        (
            "DeleteItem of an address",
            dynamodb("deleteItem", ["EMAIL#probe"]),
        ),
        (
            "PutItem to the directory",
            dynamodb("putItem", ["DIR#TENANTS"]),
        ),
        (
            "PutItem of a sign of life",
            dynamodb("putItem", ["HEARTBEAT#PLATFORM"]),
        ),
        (
            "PutItem to the downtimes",
            dynamodb("putItem", ["DOWNTIME#2026-11"]),
        ),
        (
            "PutItem to another's audit",
            dynamodb("putItem", [&other.audit()]),
        ),
        ("UpdateItem of the audit", dynamodb("updateItem", [audit])),
        ("DeleteItem of the audit", dynamodb("deleteItem", [audit])),
        ("Scan", dynamodb("scan", [])),
        ("PartiQL select", dynamodb("selectPartiql", ["SYSTEM"])),
    ]));
    table.extend(no_objects(own));
    table
}

/// Such a session for nobody: looking at the platform itself.
pub(super) fn of_the_operator_for_nobody(own: &Party, changes: bool) -> Vec<Row> {
    let mut table = allowed("the platform").on([("GetItem", dynamodb("getItem", ["SYSTEM"]))]);
    let directory = dynamodb("query", ["DIR#USERS"]);
    let to_be_seen = allowed_if(!changes, "the platform");
    table.extend(to_be_seen.on([("Query of the directory", directory)]));
    table.extend(denied("anybody").on([
        ("RegistryTable get", person("user", &own.user)),
        ("TenantTable get", store("get", &own.tenant)),
        ("PutItem to the audit", dynamodb("putItem", [&own.audit()])),
        ("Scan", dynamodb("scan", [])),
    ]));
    table.extend(no_objects(own));
    table
}

/// A session of HeartbeatRole.
pub(super) fn of_the_heartbeat(any: &Party) -> Vec<Row> {
    let beats = "HEARTBEAT#PROBE";
    let mut table = allowed("a sign of life").on([("PutItem", dynamodb("putItem", [beats]))]);
    table.extend(denied("anything else").on([
        ("GetItem of a sign of life", dynamodb("getItem", [beats])),
        (
            "DeleteItem of a sign of life",
            dynamodb("deleteItem", [beats]),
        ),
        ("GetItem of the platform", dynamodb("getItem", ["SYSTEM"])),
        ("PutItem to the platform", dynamodb("putItem", ["SYSTEM"])),
        (
            "PutItem to the downtimes",
            dynamodb("putItem", ["DOWNTIME#2026-11"]),
        ),
        (
            "PutItem to the audit",
            dynamodb("putItem", ["AUDIT#PLATFORM#2026-11"]),
        ),
        ("TenantTable get", store("get", &any.tenant)),
        ("Scan", dynamodb("scan", [])),
    ]));
    table.extend(no_objects(any));
    table
}

/// An execution role itself, without a session of a data role.
pub(super) fn of_no_session(own: &Party) -> Vec<Row> {
    let pk = own.partition();
    let mut table = denied("without a session").on([
        ("TenantTable get", store("get", &own.tenant)),
        ("TenantTable list", store("list", &own.tenant)),
        ("TenantTable create", store("create", &own.tenant)),
        ("RegistryTable get", person("user", &own.user)),
        ("PlatformTable ping", ping()),
        ("BatchGetItem", dynamodb("batchGetItem", [&pk])),
        ("Query of gsi1", dynamodb("queryGsi1", [&pk])),
        ("Scan", dynamodb("scan", [])),
        ("PartiQL select", dynamodb("selectPartiql", [&pk])),
    ]);
    table.extend(no_objects(own));
    table
}

pub(super) fn no_objects(own: &Party) -> Vec<Row> {
    denied("an object").on([
        ("TenantObjects roll-up", rollup(&own.tenant, &own.version)),
        ("GetObject of inbox/", s3("get", &own.inbox)),
        ("PutObject to lake/", s3("put", &own.object("lake"))),
        ("ListObjects of lake/", list(Some(&own.prefix("lake")))),
        ("ListObjects without a prefix", list(None)),
    ])
}
