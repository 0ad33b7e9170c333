using System.Globalization;

namespace Slipway.Runtime.Cgroups;

/// <summary>The arithmetic between cores and what the kernel wants to be told.</summary>
internal static class CpuShares
{
    public const long PeriodMicroseconds = 100_000;
    private const long QuotaMin = 1_000;

    public static long Quota(double cores) => Math.Max(QuotaMin, (long)Math.Round(cores * PeriodMicroseconds));

    /// <summary>1024 shares are one core's worth of claim when everybody wants the CPU.</summary>
    public static long Shares(double cores) => Math.Clamp((long)Math.Round(cores * 1024), 2, 262_144);

    /// <summary>Version 2 counts from 1 to 10,000 what version 1 counts from 2 to 262,144.</summary>
    public static long Weight(double cores) => 1 + ((Shares(cores) - 2) * 9_999 / 262_142);

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
