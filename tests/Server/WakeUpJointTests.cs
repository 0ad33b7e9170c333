using Slipway.Runtime.Endpoints;
using Slipway.Server.Joints;

namespace Slipway.Server.Tests;

public sealed class WakeUpJointTests
{
    private static readonly RevisionKey s_early = new("default", "early-00001");
    private static readonly RevisionKey s_late = new("default", "late-00001");

    [Fact]
    public void What_was_wanted_before_the_fleet_existed_is_passed_on_once()
    {
        var joint = new WakeUpJoint();
        var fleet = new Fleet();
        joint.Wanted(s_early);
        joint.Wanted(s_early);

        joint.Connect(fleet);
        joint.Wanted(s_late);

        Assert.Equal([s_early, s_late], fleet.Woken);
    }

    private sealed class Fleet : IWakeUp
    {
        public List<RevisionKey> Woken { get; } = [];

        public void Wanted(RevisionKey revision) => Woken.Add(revision);
    }
}
