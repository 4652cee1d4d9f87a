use serde::{Deserialize, de::DeserializeOwned};
use serde_dynamo::{AttributeValue, Item};

use crate::{Key, StoreError, keys};

/// A change of one item, as the table's stream tells it: in order, at least once.
#[derive(Debug, Clone, Deserialize)]
pub struct Change {
    #[serde(rename = "dynamodb")]
    images: Images,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Images {
    keys: Item,
    new_image: Option<Item>,
    old_image: Option<Item>,
    sequence_number: String,
}

impl Change {
    /// Partition of the item.
    pub fn pk(&self) -> &str {
        self.key("pk")
    }

    /// Place within the partition.
    pub fn sk(&self) -> &str {
        self.key("sk")
    }

    /// Whether it is nothing but the monitor's question whether changes come through.
    pub fn is_canary(&self) -> bool {
        let Key { pk, sk } = keys::canary();
        self.pk() == pk && self.sk() == sk
    }

    /// Tells this change from every other of the table; later ones of an item are greater.
    pub fn sequence_number(&self) -> &str {
        &self.images.sequence_number
    }

    /// The item after the change; `None` where it was removed.
    pub fn new_image<T: DeserializeOwned>(&self) -> Result<Option<T>, StoreError> {
        read(self.images.new_image.as_ref())
    }

    /// The item before the change; `None` where it is new.
    pub fn old_image<T: DeserializeOwned>(&self) -> Result<Option<T>, StoreError> {
        read(self.images.old_image.as_ref())
    }

    fn key(&self, name: &str) -> &str {
        match self.images.keys.get(name) {
            Some(AttributeValue::S(text)) => text,
            _ => "",
        }
    }
}

fn read<T: DeserializeOwned>(image: Option<&Item>) -> Result<Option<T>, StoreError> {
    // An absent image is also spelled as an empty one.
    let image = image.filter(|image| !image.is_empty());
    Ok(image
        .map(|image| serde_dynamo::from_item(image.clone()))
        .transpose()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DirectoryTenant;

    #[test]
    fn a_change_as_the_stream_tells_it() {
        let event = include_str!("../../../events/platform-directory.tenant-renamed.json");
        let event: serde_json::Value = serde_json::from_str(event).unwrap();
        let change: Change = serde_json::from_value(event["Records"][0].clone()).unwrap();
        assert!(change.pk().starts_with("TENANT#ten_"));
        assert_eq!(change.sk(), "TENANT");
        let (new, old) = (change.new_image(), change.old_image());
        let (new, old): (DirectoryTenant, DirectoryTenant) =
            (new.unwrap().unwrap(), old.unwrap().unwrap());
        assert_ne!(new.name, old.name);
        assert_eq!(new.tenant_id, old.tenant_id);
    }
}
