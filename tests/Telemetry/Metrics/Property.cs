using FsCheck;
using FsCheck.Fluent;

namespace Slipway.Telemetry.Tests.Metrics;

internal static class Property
{
    /// <summary>A claim about whatever these dice throw; the same dice every time.</summary>
    public static void Holds(int tests, Func<Random, bool> claim) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(tests).WithQuietOnSuccess(true).WithReplay(20_260_101, 1),
            Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => claim(new Random(seed))));
}
