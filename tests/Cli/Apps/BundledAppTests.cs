using Slipway.Cli.Apps;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Apps;

public sealed class BundledAppTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-apps-").FullName;

    [Fact]
    public void The_list_names_what_is_deployed_in_order()
    {
        var apps = BundledApp.Parse(
            """
            name: identity
            about: accounts
            manifests: [src/Identity/service.yaml]
            sources: [src/Identity, src/Sdk]
            ---
            name: todo
            about: todos
            manifests:
              - apps/todo/api.yaml
              - apps/todo/web.yaml
            sources: [apps/todo]
            """,
            "bundle.yaml");

        Assert.Equal(["identity", "todo"], apps.Select(app => app.Name));
        Assert.Equal(["apps/todo/api.yaml", "apps/todo/web.yaml"], apps[1].Manifests);
        Assert.Equal(["src/Identity", "src/Sdk"], apps[0].Sources);
    }

    [Fact]
    public void An_entry_without_manifests_is_told_by_name()
    {
        var failure = Assert.Throws<CliFailure>(() => BundledApp.Parse("name: todo\nabout: todos\nsources: [a]\n", "bundle.yaml"));
        Assert.Contains("todo has no manifests", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_change_of_a_source_changes_the_mark()
    {
        Write("app/Program.cs", "1");
        Write("app/bin/app.dll", "1");
        Write("other/file", "1");
        var before = SourceMark.Of(_folder, ["app"]);

        Write("app/bin/app.dll", "2");
        Write("other/file", "2");
        Assert.Equal(before, SourceMark.Of(_folder, ["app"]));

        Write("app/Program.cs", "2");
        var changed = SourceMark.Of(_folder, ["app"]);
        Assert.NotEqual(before, changed);

        File.Move(Path.Combine(_folder, "app/Program.cs"), Path.Combine(_folder, "app/Main.cs"));
        Assert.NotEqual(changed, SourceMark.Of(_folder, ["app"]));
    }

    [Fact]
    public void What_was_deployed_is_remembered_and_unreadable_memory_is_no_trouble()
    {
        var records = new AppRecords(_folder);
        Assert.Null(records.Find("todo"));
        records.Keep("todo", "abc");
        records.Keep("identity", "def");

        Assert.Equal(("abc", "def"), (new AppRecords(_folder).Find("todo"), new AppRecords(_folder).Find("identity")));

        File.WriteAllText(Path.Combine(_folder, "apps.json"), "{");
        Assert.Null(records.Find("todo"));
        records.Keep("todo", "ghi");
        Assert.Equal("ghi", records.Find("todo"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string path, string text)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
