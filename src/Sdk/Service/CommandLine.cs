namespace Slipway.Sdk.Service;

/// <summary>
/// <c>[--set NAME=value]… [verb [argument…]]</c>. What is set here wins over the environment, which is handy by hand.
/// </summary>
internal sealed record CommandLine(string? Verb, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Settings)
{
    public static CommandLine Read(IReadOnlyList<string> args)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        var at = 0;
        while (at + 1 < args.Count && args[at] == "--set" && args[at + 1].IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
        {
            settings[args[at + 1][..equals]] = args[at + 1][(equals + 1)..];
            at += 2;
        }

        return at < args.Count ? new(args[at], [.. args.Skip(at + 1)], settings) : new(null, [], settings);
    }

    /// <summary>A name set to nothing hides the variable of the environment.</summary>
    public Func<string, string?> Over(Func<string, string?> environment) =>
        name => Settings.TryGetValue(name, out var value) ? (value.Length == 0 ? null : value) : environment(name);
}
