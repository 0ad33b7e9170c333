using FsCheck;
using FsCheck.Fluent;

namespace Slipway.RetailPayments.Tests;

/// <summary>Runs a property over many generated inputs, always the same ones, so that a red test stays red.</summary>
internal static class Properties
{
    public static void Hold<T>(Gen<T> inputs, Func<T, bool> claim, int count = 300) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20260105UL, 90001UL),
            Prop.ForAll(inputs.ToArbitrary(), claim));
}
