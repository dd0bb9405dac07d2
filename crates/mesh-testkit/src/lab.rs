//! The control plane that all tests of a binary share, one after the other.

use std::{
    collections::BTreeSet,
    ops::Deref,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    ControlPlane, Injector, Mesh, Options, Peers, Result, etcd::Snapshot, mesh, netns, skip::skip,
};

/// The shared control plane with the sample mesh (two istiods per revision, all of it three days old) and the
/// stand-in injector. Everything a [`ControlPlane`] can do is here by dereference.
pub struct Lab {
    plane: ControlPlane,
    injector: Injector,
    baseline: Snapshot,
    /// What `baseline` was loaded with, to be replaced by another load.
    sample: Mesh,
}

/// Started by the first test that needs it. Never dropped: its processes die with this one, its files with TMPDIR.
static SHARED: Mutex<Option<Lab>> = Mutex::new(None);

/// Exclusive use of the [`Lab`], until dropped.
pub struct LabGuard {
    lab: MutexGuard<'static, Option<Lab>>,
    /// Whether the controllers are to run.
    full: bool,
}

impl Lab {
    /// Takes the shared lab, brought back to its baseline, starting it if this is the first use. kwok runs,
    /// kube-controller-manager and kube-scheduler do not: what a test writes stays as written.
    ///
    /// `None` where it cannot run (no namespace, no peers), said loudly; under `CI=true` that fails instead.
    #[track_caller]
    pub fn get() -> Option<LabGuard> {
        let peers = Peers::from_env().filter(|_| netns::inside());
        let Some(peers) = peers else {
            skip(
                "cluster tests run by `cargo xtask e2e`, which builds the peers and enters a network namespace",
            );
            return None;
        };
        // A test that failed left it in any state, which is what the reset is for.
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if shared.is_none() {
            let lab = Self::start(&peers, Mesh::sample().expect("the sample mesh can be read"));
            *shared = Some(lab.unwrap_or_else(|e| panic!("the lab does not start: {e}")));
        }
        let mut guard = LabGuard {
            lab: shared,
            full: false,
        };
        guard.reset();
        Some(guard)
    }

    /// The same with kube-controller-manager and kube-scheduler running: rollouts, evictions, garbage collection.
    #[track_caller]
    pub fn full() -> Option<LabGuard> {
        let mut guard = Self::get()?;
        guard.full = true;
        guard.go_on();
        Some(guard)
    }

    /// Starts a lab of one's own: for `cargo xtask demo`, or a test that breaks it.
    pub fn start(peers: &Peers, mesh: Mesh) -> Result<Self> {
        let plane = ControlPlane::start(
            peers,
            Some(&mesh),
            Options {
                kwok: true,
                full: false,
                bare: false,
            },
        )?;
        let injector = Injector::start(plane.api(), plane.ca())?;
        let baseline = plane.snapshot()?;
        Ok(Self {
            plane,
            injector,
            baseline,
            sample: mesh,
        })
    }

    /// The stand-in for the injectors.
    pub fn injector(&self) -> &Injector {
        &self.injector
    }

    /// The control plane, to start or stop parts of it.
    pub fn plane_mut(&mut self) -> &mut ControlPlane {
        &mut self.plane
    }
}

impl LabGuard {
    /// Brings everything stored back to the loaded baseline. Done by [`Lab::get`] already; once more only in the
    /// middle of a test.
    #[track_caller]
    pub fn reset(&mut self) {
        let lab = self.lab_mut();
        lab.plane.stop_controllers();
        let baseline = std::mem::take(&mut lab.baseline);
        lab.baseline = lab
            .bring(baseline)
            .unwrap_or_else(|e| panic!("the lab does not reset: {e}"));
        lab.injector.reset();
        self.go_on();
    }

    /// Loads another mesh in place of the sample, until the lab is handed on: other ages, fewer istiods, a recorded
    /// state of the webhooks.
    #[track_caller]
    pub fn load(&mut self, mesh: &Mesh) {
        let lab = self.lab_mut();
        lab.plane.stop_controllers();
        let done = lab.replace(mesh);
        done.unwrap_or_else(|e| panic!("the lab does not load this mesh: {e}"));
        self.go_on();
    }

    #[track_caller]
    fn go_on(&mut self) {
        if self.full {
            self.lab_mut()
                .plane
                .start_controllers()
                .expect("the controllers start");
        }
    }

    fn lab_mut(&mut self) -> &mut Lab {
        self.lab.as_mut().expect("a guard is made of a started lab")
    }
}

impl Lab {
    fn replace(&self, mesh: &Mesh) -> Result<()> {
        let (old, new) = (self.plane.entries(&self.sample)?, self.plane.entries(mesh)?);
        let gone: BTreeSet<&str> = mesh::keys(&old)
            .difference(&mesh::keys(&new))
            .copied()
            .collect();
        let mut target = self.baseline.clone();
        for key in gone {
            target.amend(key.to_owned(), None);
        }
        for (key, value) in &new {
            target.amend(key.clone(), Some(value));
        }
        self.bring(target).map(drop)
    }

    /// Makes the store what this says, and waits until admission goes by it.
    fn bring(&self, target: Snapshot) -> Result<Snapshot> {
        let (target, touched) = self.plane.restore(target)?;
        let cached = [
            "/registry/mutatingwebhookconfigurations/",
            "/registry/namespaces/",
        ];
        if !touched
            .iter()
            .any(|key| cached.iter().any(|kind| key.starts_with(kind)))
        {
            return Ok(target);
        }
        self.plane.settle()?;
        // Takes back what settling wrote.
        Ok(self.plane.restore(target)?.0)
    }
}

impl Drop for LabGuard {
    fn drop(&mut self) {
        // Nothing they have under way may reach the next test.
        if self.full {
            self.lab_mut().plane.stop_controllers();
        }
    }
}

impl Deref for LabGuard {
    type Target = Lab;

    fn deref(&self) -> &Lab {
        self.lab.as_ref().expect("a guard is made of a started lab")
    }
}

impl Deref for Lab {
    type Target = ControlPlane;

    fn deref(&self) -> &ControlPlane {
        &self.plane
    }
}
