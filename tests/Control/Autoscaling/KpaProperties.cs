using FsCheck;
using FsCheck.Fluent;
using Slipway.Control.Autoscaling.Kpa;

namespace Slipway.Control.Tests.Autoscaling;

/// <summary>What holds for every setting and every load.</summary>
public sealed class KpaProperties
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(500);

    private static readonly Gen<Scene> s_scenes =
        from concurrency in Gen.Choose(0, 100)
        from target in Gen.Choose(0, 200)
        from least in Gen.Choose(0, 5)
        from extra in Gen.Choose(0, 20)
        from unlimited in Gen.Elements(true, false)
        from delay in Gen.Elements(0, 10, 300)
        from activation in Gen.Choose(1, 6)
        from loads in Gen.ListOf(LoadGen())
        select new Scene(
            new KpaSettings
            {
                ContainerConcurrency = concurrency,
                TargetPerInstance = target == 0 ? null : target,
                InstancesMin = least,
                InstancesMax = unlimited ? 0 : least + extra + 1,
                ScaleDownDelay = TimeSpan.FromSeconds(delay),
                ActivationScale = activation,
            },
            [.. loads]);

    [Fact]
    public void A_wish_is_always_within_its_bounds() => Check(scene => Run(scene).All(step =>
        step.Decision.Wanted >= scene.Settings.InstancesMin
        && (scene.Settings.InstancesMax == 0 || step.Decision.Wanted <= scene.Settings.InstancesMax)));

    [Fact]
    public void Panic_never_shrinks() => Check(scene =>
    {
        int? before = null;
        foreach (var (_, decision) in Run(scene))
        {
            if (decision.Reasons.Panicking && before is { } earlier && decision.Reasons.BeforeDelay < earlier)
            {
                return false;
            }

            before = decision.Reasons.Panicking ? decision.Reasons.BeforeDelay : null;
        }

        return true;
    });

    [Fact]
    public void The_same_look_twice_makes_the_same_wish() => Check(scene => Run(scene).All(step =>
    {
        var again = KpaDecider.Decide(scene.Settings, step.Decision.Next, step.Inputs);
        return again.Wanted == step.Decision.Wanted;
    }));

    [Fact]
    public void More_load_never_wants_fewer() => Check(scene => Run(scene).All(step =>
    {
        var state = KpaState.Fresh with { InitialReached = true, Activity = RevisionActivity.Active, ActivitySince = s_noon.AddDays(-1) };
        var less = KpaDecider.Decide(scene.Settings, state, step.Inputs);
        var more = KpaDecider.Decide(scene.Settings, state, step.Inputs with { Stable = step.Inputs.Stable * 1.5, Panic = step.Inputs.Panic * 1.5 });
        return more.Wanted >= less.Wanted;
    }));

    [Fact]
    public void Down_goes_at_most_by_half() => Check(scene => Run(scene).All(step =>
        !step.Inputs.Reachable
        || step.Decision.Reasons.BeforeDelay >= Math.Max(1, step.Inputs.Ready) / 2));

    [Fact]
    public void Memory_stays_small() => Check(scene => Run(scene).All(step => step.Decision.Next.DelayedWishes.Length <= 1 + step.Index));

    private static Gen<(int Stable, int Panic, int Ready)> LoadGen() =>
        from stable in Gen.Choose(0, 3000)
        from panic in Gen.Choose(0, 3000)
        from ready in Gen.Choose(0, 40)
        from silent in Gen.Choose(0, 3)
        select silent == 0 ? (0, 0, ready) : (stable, panic, ready);

    private static IEnumerable<Step> Run(Scene scene)
    {
        var state = KpaState.Fresh;
        var now = s_noon;
        var index = 0;
        foreach (var (stable, panic, ready) in scene.Loads)
        {
            now = now.AddSeconds(2);
            var inputs = new KpaInputs(now, stable / 10.0, panic / 10.0, ready);
            var decision = KpaDecider.Decide(scene.Settings, state, inputs);
            state = decision.Next;
            yield return new Step(inputs, decision, index++);
        }
    }

    private static void Check(Func<Scene, bool> holds) => Prop.ForAll(s_scenes.ToArbitrary(), holds).Check(s_config);

    internal sealed record Scene(KpaSettings Settings, IReadOnlyList<(int Stable, int Panic, int Ready)> Loads);

    internal readonly record struct Step(KpaInputs Inputs, KpaDecision Decision, int Index)
    {
        public void Deconstruct(out KpaInputs inputs, out KpaDecision decision) => (inputs, decision) = (Inputs, Decision);
    }
}
