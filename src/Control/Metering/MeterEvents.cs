using Microsoft.Extensions.Logging;

namespace Slipway.Control.Metering;

internal static partial class MeterEvents
{
    [LoggerMessage(EventId = 3401, Level = LogLevel.Warning, Message =
        "The usage ledger does not answer ({Reason}); up to {RowsMax} rows wait, beyond that neighbouring ones are merged.")]
    public static partial void LedgerAway(this ILogger logger, string reason, int rowsMax);

    [LoggerMessage(EventId = 3402, Level = LogLevel.Information, Message = "The usage ledger answers again; {Rows} rows are being written.")]
    public static partial void LedgerBack(this ILogger logger, int rows);
}
