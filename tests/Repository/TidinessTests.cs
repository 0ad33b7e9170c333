using System.Text.RegularExpressions;

namespace Slipway.Repository.Tests;

/// <summary>Small habits are best kept by something that never gets tired.</summary>
public sealed partial class TidinessTests
{
    private const int LinesMax = 600;

    /// <summary>From the ground up: a room may refer to rooms named before it, never to later ones.</summary>
    private static readonly string[] s_rooms = ["Sdk", "Identity", "Model", "Store", "Registry", "Runtime", "Eventing", "Telemetry", "Control", "Api", "Gateway", "Cli", "Server"];

    private static readonly string[] s_drawers = ["Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Manager", "Managers", "Common", "Misc"];

    private static readonly string[] s_unfinished = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception", "HA" + "CK"];

    private static IEnumerable<string> Sources => Checkout.Files.Where(path => path.EndsWith(".cs", StringComparison.Ordinal));

    [Fact]
    public void Every_room_says_on_one_screen_what_it_is_for()
    {
        var missing = s_rooms.Where(room => !Checkout.Files.Contains($"src/{room}/README.md"));
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_project_under_src_is_a_known_room()
    {
        var projects = Checkout.Files.Where(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal));
        Assert.Equal(s_rooms.Order(), projects.Select(path => path.Split('/')[1]).Order());
    }

    [Fact]
    public void References_between_rooms_point_down()
    {
        var wrong =
            from room in s_rooms
            from Match reference in ProjectReference().Matches(Checkout.Read($"src/{room}/Slipway.{room}.csproj"))
            let other = reference.Groups[1].Value
            where Array.IndexOf(s_rooms, other) >= Array.IndexOf(s_rooms, room)
            select $"{room} refers to {other}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_gateway_and_the_api_do_not_know_each_other() =>
        Assert.DoesNotContain("Slipway.Api", Checkout.Read("src/Gateway/Slipway.Gateway.csproj"), StringComparison.Ordinal);

    [Fact]
    public void No_file_is_longer_than_one_sitting()
    {
        var long_ = Sources.Select(path => (path, lines: Checkout.Read(path).Count(character => character == '\n')))
            .Where(file => file.lines > LinesMax)
            .Select(file => $"{file.path}: {file.lines} lines");
        Assert.Empty(long_);
    }

    [Fact]
    public void No_file_or_folder_is_a_drawer_for_everything()
    {
        var drawers = Checkout.Files.Where(path => path.Split('/').Any(part => s_drawers.Any(drawer =>
            part == drawer || Path.GetFileNameWithoutExtension(part).EndsWith(drawer, StringComparison.Ordinal))));
        Assert.Empty(drawers);
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        var left =
            from path in Sources
            let text = Checkout.Read(path)
            from word in s_unfinished
            // As a word of its own: iCalendar's VTODO is none.
            where Regex.IsMatch(text, $@"\b{word}\b")
            select $"{path}: {word}";
        Assert.Empty(left);
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var broken =
            from path in Checkout.Files.Where(path => path.EndsWith(".md", StringComparison.Ordinal))
            from Match link in Link().Matches(Checkout.Read(path))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            let full = Path.GetFullPath(Path.Combine(Checkout.Root, Path.GetDirectoryName(path)!, target))
            where !File.Exists(full) && !Directory.Exists(full)
            select $"{path} -> {target}";
        Assert.Empty(broken);
    }

    [GeneratedRegex("""ProjectReference Include="\.\./(\w+)/""")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
