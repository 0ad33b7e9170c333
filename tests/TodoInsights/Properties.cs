using FsCheck;
using FsCheck.Fluent;

namespace Todo.Insights.Tests;

/// <summary>Runs a property over many generated inputs, always the same ones, so that a red test stays red.</summary>
internal static class Properties
{
    public static void Hold<T>(Gen<T> inputs, Action<T> claim, int count = 300) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20261121UL, 80001UL),
            Prop.ForAll(inputs.ToArbitrary(), claim));
}
