using System.CommandLine;

namespace Slipway.Cli.Connection;

internal static class SharedOptions
{
    public static readonly Option<string> Namespace = new("--namespace", "-n") { Description = "Namespace to work in.", DefaultValueFactory = _ => "default" };

    public static readonly Option<string> Output = Choice();

    private static Option<string> Choice()
    {
        var option = new Option<string>("--output", "-o") { Description = "table, wide, json or yaml.", DefaultValueFactory = _ => "table" };
        option.AcceptOnlyFromAmong("table", "wide", "json", "yaml");
        return option;
    }
}
