using System.CommandLine;
using Slipway.Cli.Connection;

namespace Slipway.Cli.Events;

/// <summary>What the commands about events have in common.</summary>
internal static class EventOptions
{
    public static readonly Argument<string> Topic = new("topic") { Description = "Name of the topic, which is the name of its Broker." };

    public static readonly Argument<string> Trigger = new("trigger") { Description = "Name of the Trigger." };

    /// <summary>The path of something below a topic, in the namespace that was asked for.</summary>
    public static string Path(ParseResult parsed, string rest = "", string query = "") =>
        $"/topics/{Uri.EscapeDataString(parsed.GetValue(Topic)!)}{rest}?namespace={Uri.EscapeDataString(parsed.GetValue(SharedOptions.Namespace)!)}{query}";
}
