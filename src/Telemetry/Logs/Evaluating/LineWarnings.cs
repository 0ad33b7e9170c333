using System.Globalization;
using Slipway.Telemetry.Logs.Pipeline;

namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary>
/// Lines that a stage could not make sense of cannot be counted under any label. One such line must not take the answer away, for
/// an alert may hang on it: it is left out, and the answer says so.
/// </summary>
internal sealed class LineWarnings
{
    private readonly Dictionary<string, long> _errors = new(StringComparer.Ordinal);

    public bool LeavesOut(LineLabels labels)
    {
        if (labels.Error is not { } error)
        {
            return false;
        }

        _errors[error] = _errors.GetValueOrDefault(error) + 1;
        return true;
    }

    public IReadOnlyList<string> Read() =>
        [.. _errors.Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.Value} lines were left out because of {error.Key}; see them with | __error__=\"{error.Key}\""))];
}
