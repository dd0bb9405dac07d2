//! There and back, several steps deep: each way back brings exactly the state before its step, whatever came before.

use mesh_testkit::{Lab, Plugin};

use crate::kit::{World, records};

#[test]
fn steps_are_taken_back_one_by_one_in_the_reverse_of_their_order() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    let sandbox = Plugin::tag(lab.kubeconfig());
    let steps = [
        ("create green --to 1-26-1", "rollback green"),
        ("promote green --to 1-28-1", "rollback green"),
        ("move staging --to green", "move staging --undo"),
        (
            "promote green --to 1-26-1 --waive bake=test --waive skew=test",
            "rollback green",
        ),
        ("promote stable --to 1-28-1", "rollback stable"),
    ];
    // Fast enough that several of them are of one second, where ids do not tell their order.
    let mut worlds = Vec::new();
    for (step, _) in steps {
        worlds.push(World::of(api));
        sandbox.run(&format!("{step} --yes")).assert_code(0);
    }
    let made: Vec<_> = records(api).into_iter().map(|r| r.action).collect();
    assert_eq!(made.len(), steps.len(), "{made:?}");
    for ((step, back), before) in steps.iter().zip(&worlds).rev() {
        let ran = sandbox.run(&format!("{back} --yes"));
        ran.assert_code(0);
        let left = World::of(api).differences(before);
        assert_eq!(left, Vec::<String>::new(), "{step}, {back}");
    }
}

#[test]
fn a_removed_tag_comes_back_as_it_was() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    let sandbox = Plugin::tag(lab.kubeconfig());
    for revision in ["1-26-1", "1-28-1"] {
        let create = format!("create green --to {revision} --yes");
        sandbox.run(&create).assert_code(0);
        let made = World::of(api);
        sandbox.run("remove green --yes").assert_code(0);
        assert_ne!(World::of(api).differences(&made), Vec::<String>::new());
        sandbox.run("rollback green --yes").assert_code(0);
        World::of(api).assert_as(&made);
        sandbox.run("remove green --yes").assert_code(0);
    }
}
