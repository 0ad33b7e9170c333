using FsCheck;
using FsCheck.Fluent;

namespace Slipway.TitanicApi.Tests.Safety;

/// <summary>Runs a property over many generated inputs, always the same ones, so that a red test stays red.</summary>
internal static class Properties
{
    public static void Hold<T>(Gen<T> inputs, Func<T, bool> claim, int count = 300) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20260105UL, 90001UL),
            Prop.ForAll(inputs.ToArbitrary(), claim));

    /// <summary>The inputs a property would be tried with, for claims that take time.</summary>
    public static List<T> Examples<T>(Gen<T> inputs, int count)
    {
        var examples = new List<T>();
        Hold(
            inputs,
            example =>
            {
                examples.Add(example);
                return true;
            },
            count);
        return examples;
    }
}
