//! The table as its operator reaches it: for what has no route, such as an import.

use std::collections::HashMap;

use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::{Client, types::AttributeValue};
use outlay_core::UserId;
use outlay_store::SubjectHash;
use outlay_testkit::Stack;
use tokio::runtime::{Builder, Runtime};

/// The table, as the emulator's root.
pub(crate) struct Tables {
    client: Client,
    name: String,
    runtime: Runtime,
}

type Item = HashMap<String, AttributeValue>;

impl Tables {
    pub(crate) fn of(stack: &Stack) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let credentials =
            aws_credential_types::Credentials::new("test", "test", None, None, "operator");
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(aws_config::Region::new(stack.region.clone()))
            .endpoint_url(&stack.aws_endpoint)
            .credentials_provider(credentials)
            .build();
        Self {
            client: Client::from_conf(config),
            name: stack.table_name.clone(),
            runtime,
        }
    }

    /// What an import does: the hash of another system becomes the person's.
    pub(crate) fn set_password_hash(&self, user: &str, hash: &str) {
        let mut item = self.user(user);
        item.insert("passwordHash".to_owned(), text(hash));
        self.put(item);
    }

    pub(crate) fn password_hash(&self, user: &str) -> String {
        self.user(user)["passwordHash"].as_s().unwrap().clone()
    }

    /// Makes a person a member of another company, as an accepted invitation does.
    pub(crate) fn join(&self, tenant: &str, user: &str, role: &str) {
        let person = self.user(user);
        let common = |pk: String, sk: String, entity: &str| -> Item {
            [
                ("pk", text(&pk)),
                ("sk", text(&sk)),
                ("entity", text(entity)),
                ("entityVersion", AttributeValue::N("1".to_owned())),
                ("userId", text(user)),
                ("role", text(role)),
            ]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
        };
        let of_user = (format!("USER#{user}"), format!("TENANT#{tenant}"));
        let mut seen_from_user = common(of_user.0, of_user.1, "userTenant");
        seen_from_user.insert("tenantId".to_owned(), text(tenant));
        self.put(seen_from_user);
        let of_tenant = (format!("TENANT#{tenant}"), format!("MEMBER#{user}"));
        let mut member = common(of_tenant.0, of_tenant.1, "member");
        member.insert("standing".to_owned(), text("active"));
        member.insert("name".to_owned(), person["name"].clone());
        member.insert("email".to_owned(), person["email"].clone());
        member.insert("joinedAt".to_owned(), person["createdAt"].clone());
        member.insert("revision".to_owned(), AttributeValue::N("1".to_owned()));
        self.put(member);
    }

    /// An identity of another issuer, as if the person had linked it; gives its id.
    pub(crate) fn link(&self, user: &str) -> String {
        let issuer = "https://issuer.example";
        let subject = SubjectHash::of(issuer, UserId::mint().as_str());
        let hashes = serde_json::to_value(&subject).unwrap();
        let hashes = hashes.as_str().unwrap();
        let item = |pk: String, sk: String, entity: &str| -> Item {
            [
                ("pk", text(&pk)),
                ("sk", text(&sk)),
                ("entity", text(entity)),
                ("entityVersion", AttributeValue::N("1".to_owned())),
                ("userId", text(user)),
                ("subject", text(hashes)),
                ("linkedAt", self.user(user)["createdAt"].clone()),
            ]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
        };
        let mut of_user = item(
            format!("USER#{user}"),
            format!("IDP#{hashes}"),
            "userIdentity",
        );
        of_user.insert("issuer".to_owned(), text(issuer));
        self.put(of_user);
        let guard = item(format!("IDP#{hashes}"), "GUARD".to_owned(), "identityGuard");
        self.put(guard);
        subject.identity_id().to_string()
    }

    /// What an operator's suspension does, and the end of a company, before anything else does.
    pub(crate) fn set_company_standing(&self, tenant: &str, standing: &str) {
        let request = self
            .client
            .update_item()
            .table_name(&self.name)
            .key("pk", text(&format!("TENANT#{tenant}")))
            .key("sk", text("TENANT"))
            .update_expression("SET standing = :standing")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":standing", text(standing))
            .send();
        self.runtime.block_on(request).unwrap();
    }

    fn user(&self, user: &str) -> Item {
        let request = self
            .client
            .get_item()
            .table_name(&self.name)
            .key("pk", text(&format!("USER#{user}")))
            .key("sk", text("USER"))
            .send();
        let found = self.runtime.block_on(request).unwrap();
        found.item.expect("the person is there")
    }

    fn put(&self, item: Item) {
        let request = self.client.put_item().table_name(&self.name);
        let sent = request.set_item(Some(item)).send();
        self.runtime.block_on(sent).unwrap();
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}
