//! The stand-in istioctl does to a cluster what the real one was recorded to do: every recorded `tag set` and
//! `tag remove` of all versions, played in the state it was recorded in.

use std::{collections::BTreeMap, fs, path::Path, process::Stdio};

use mesh_common::journal::image;
use mesh_testkit::{Api, Lab, Mesh, Plugin, mesh::data_dir};
use serde_json::{Value, json};

use crate::kit::text;

/// Cases that need another cluster or another user than the fixture's.
const ELSEWHERE: [&str; 3] = [
    "tag-set-forbidden-nobody",
    "tag-set-forbidden-reader",
    "tag-set-missing-revision-no-istio",
];

/// What the stand-in says otherwise, and why that is right for it.
const SAYS_OTHERWISE: [(&str, &str); 1] = [
    // Two objects are refused side by side; which refusal comes first is chance.
    ("1.28.1", "tag-set-invalid-name"),
];

/// One recorded command that changes something, or set out to.
struct Case {
    version: String,
    name: String,
    args: Vec<String>,
    note: String,
    before: Vec<Value>,
    after: Vec<Value>,
    dir: std::path::PathBuf,
}

impl Case {
    fn read(version: &str, dir: &Path) -> Self {
        let file = |name: &str| fs::read_to_string(dir.join(name)).unwrap_or_default();
        Self {
            version: version.to_owned(),
            name: text_of(dir.file_name()),
            args: file("args").lines().map(str::to_owned).collect(),
            note: file("note.md"),
            before: objects(&file("before.yaml")),
            after: objects(&file("after.yaml")),
            dir: dir.to_owned(),
        }
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.dir.join(name)).unwrap_or_default()
    }

    /// The recorded state it was played in: named in its note, or told by what the note says was there.
    fn state(&self) -> String {
        let states = "states/";
        if let Some(at) = self.note.find(states) {
            let rest = &self.note[at + states.len()..];
            return rest.split(".yaml").next().unwrap_or_default().to_owned();
        }
        if self.note.contains("Three control planes") {
            "unrevisioned-and-two-revisions".into()
        } else if self.note.contains("sample mesh") {
            "sample-mesh".into()
        } else if self.note.contains("ag stable -> 1-26-1 exists")
            || self.note.contains("Tags stable -> 1-26-1")
        {
            format!("two-revisions-two-tags-by-{}", self.version)
        } else {
            "two-revisions-no-tag".into()
        }
    }

    /// That state, with what this very command found otherwise.
    fn mesh(&self, states: &mut BTreeMap<String, Mesh>) -> Mesh {
        let state = states.entry(self.state()).or_insert_with_key(|name| {
            let file = data_dir().join(format!("istioctl-recordings/states/{name}.yaml"));
            Mesh::recorded(&fs::read_to_string(file).unwrap()).unwrap()
        });
        let mut mesh = state.clone();
        let made = self.after.iter().filter(|o| !holds(&self.before, o));
        for object in made {
            let (kind, namespace, name) = key(object);
            mesh = mesh.without(&kind, &namespace, &name);
        }
        for object in &self.before {
            mesh = mesh.with(object.clone());
        }
        if self
            .note
            .contains("The Service istiod-1-26-1 that the webhook would call has been deleted")
        {
            mesh = mesh.without("Service", "istio-system", "istiod-1-26-1");
        }
        // Recorded right after the same without -y, which had moved the Service.
        if self.name == "tag-set-overlap-other-revision-yes" {
            let first = self
                .dir
                .with_file_name("tag-set-overlap-other-revision-no-yes");
            let after = fs::read_to_string(first.join("after.yaml")).unwrap_or_default();
            let moved = objects(&after)
                .into_iter()
                .filter(|o| o["kind"] == "Service");
            mesh = moved.fold(mesh, Mesh::with);
        }
        if self.note.contains("A Service istiod-1-29-0") {
            mesh = mesh.with(json!({
                "apiVersion": "v1", "kind": "Service",
                "metadata": {"name": "istiod-1-29-0", "namespace": "istio-system",
                    "labels": {"app": "istiod", "istio.io/rev": "1-29-0"}},
                "spec": {"clusterIP": "None", "ports": [{"port": 443}]},
            }));
        }
        mesh
    }
}

#[test]
fn every_recorded_change_of_a_tag_is_what_the_stand_in_does() {
    let Some(mut lab) = Lab::get() else { return };
    let api = lab.api().clone();
    let sandbox = Plugin::tag(lab.kubeconfig());
    let standin = mesh_testkit::plugin("istioctl-standin");
    mesh_testkit::standin::install(&standin, &sandbox.bin(), &["istioctl-1.20.8"]).unwrap();
    let mut wrong = Vec::new();
    let mut played = 0;
    let mut states = BTreeMap::new();
    for case in cases() {
        lab.load(&case.mesh(&mut states));
        let before = state(&api);
        let done = sandbox
            .command(sandbox.bin().join(format!("istioctl-{}", case.version)))
            .args(&case.args)
            .arg("--kubeconfig")
            .arg(lab.kubeconfig())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        played += 1;
        let id = format!("{} {}", case.version, case.name);
        let mut expected = before;
        for object in &case.before {
            expected.remove(&key(object));
        }
        for object in &case.after {
            expected.insert(key(object), object.clone());
        }
        wrong.extend(
            differences(&expected, &state(&api))
                .into_iter()
                .map(|d| format!("{id}: {d}")),
        );
        if SAYS_OTHERWISE.contains(&(&*case.version, &*case.name)) {
            continue;
        }
        let said = [
            String::from_utf8_lossy(&done.stdout).into_owned(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
            done.status.code().unwrap_or(-1).to_string(),
        ];
        let recorded = [
            case.file("stdout"),
            case.file("stderr"),
            case.file("exit").trim().to_owned(),
        ];
        if said != recorded {
            wrong.push(format!("{id}: said {said:?}, recorded {recorded:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(played > 80, "only {played} recordings were found");
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for version in ["1.20.8", "1.26.1", "1.28.1"] {
        let dir = data_dir().join("istioctl-recordings").join(version);
        for entry in fs::read_dir(dir).unwrap() {
            let dir = entry.unwrap().path();
            let name = text_of(dir.file_name());
            if (name.starts_with("tag-set-") || name.starts_with("tag-remove-"))
                && !ELSEWHERE.contains(&&*name)
            {
                cases.push(Case::read(version, &dir));
            }
        }
    }
    // Loading another state costs more than playing a case.
    cases.sort_by_key(|case| (case.state(), case.name.clone()));
    cases
}

type Key = (String, String, String);

fn key(object: &Value) -> Key {
    let meta = &object["metadata"];
    (
        text(&object["kind"]),
        text(&meta["namespace"]),
        text(&meta["name"]),
    )
}

fn holds(objects: &[Value], object: &Value) -> bool {
    objects.iter().any(|o| key(o) == key(object))
}

/// Every webhook configuration and Service.
fn state(api: &Api) -> BTreeMap<Key, Value> {
    let mut state = BTreeMap::new();
    for kind in [
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
        "Service",
    ] {
        for mut object in api.list(kind, "") {
            object["kind"] = kind.into();
            state.insert(key(&object), object);
        }
    }
    state
}

fn differences(expected: &BTreeMap<Key, Value>, found: &BTreeMap<Key, Value>) -> Vec<String> {
    let keys: std::collections::BTreeSet<_> = expected.keys().chain(found.keys()).collect();
    keys.into_iter()
        .filter_map(|key| {
            let (a, b) = (
                expected.get(key).map(comparable),
                found.get(key).map(comparable),
            );
            let differ = !image::same(a.as_ref(), b.as_ref());
            differ.then(|| format!("{key:?}: {:?}", image::differences(a.as_ref(), b.as_ref())))
        })
        .collect()
}

/// Without the address, which each API server hands out by itself.
fn comparable(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) {
        spec.retain(|field, _| !field.starts_with("clusterIP"));
    }
    object
}

fn objects(yaml: &str) -> Vec<Value> {
    let all = serde_saphyr::from_multiple::<Value>(yaml).unwrap_or_default();
    all.into_iter().filter(Value::is_object).collect()
}

fn text_of(name: Option<&std::ffi::OsStr>) -> String {
    name.unwrap_or_default().to_string_lossy().into_owned()
}
