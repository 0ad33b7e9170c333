using System.Globalization;

namespace Slipway.Identity.Administration;

/// <summary>The place in a list that is ordered by time and id, as the keys of a cursor.</summary>
internal static class Keyset
{
    public static string[] Write(DateTimeOffset at, Guid id) => [at.UtcTicks.ToString(CultureInfo.InvariantCulture), id.ToString("N")];

    public static (DateTimeOffset At, Guid Id)? Read(string[] keys) =>
        keys is [var ticks, var id] ? (new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero), Guid.ParseExact(id, "N")) : null;
}
