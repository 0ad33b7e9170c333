using System.CommandLine;

namespace Slipway.Cli.Telemetry;

/// <summary>What the commands about telemetry have in common.</summary>
internal static class TelemetryOptions
{
    public static readonly Option<bool> Json = new("--json") { Description = "The answer as JSON, for programs." };
}
