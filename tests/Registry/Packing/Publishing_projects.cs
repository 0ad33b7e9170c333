using Slipway.Registry.Packing;

namespace Slipway.Registry.Tests.Packing;

public sealed class Publishing_projects
{
    [Theory]
    [InlineData("dotnet://", "project-reference-invalid")]
    [InlineData("nginx", "project-reference-invalid")]
    [InlineData("dotnet:///etc", "project-reference-invalid")]
    [InlineData("dotnet://nowhere", "project-not-found")]
    [InlineData("dotnet://text", "project-not-found")]
    [InlineData("dotnet://text/read.me", "project-not-found")]
    [InlineData("dotnet://two", "project-ambiguous")]
    public void A_reference_that_names_no_project_says_why(string image, string code)
    {
        using var folder = Projects();

        Assert.Equal(code, ProjectReference.Find(image, folder.Path).Failure?.Code);
    }

    [Theory]
    [InlineData("dotnet://one", "one/One.csproj")]
    [InlineData("dotnet://one/", "one/One.csproj")]
    [InlineData("dotnet://two/B.csproj", "two/B.csproj")]
    [InlineData("dotnet://text/../one", "one/One.csproj")]
    public void A_reference_names_a_project_or_the_folder_of_one(string image, string file)
    {
        using var folder = Projects();

        Assert.Equal(Path.Combine(folder.Path, file), ProjectReference.Find(image, folder.Path).Value.ProjectFile);
    }

    [Fact]
    public void A_failed_build_is_told_in_its_errors_each_once()
    {
        string[] lines =
        [
            "  Determining projects to restore...",
            "/home/ada/shop/Program.cs(12,5): error CS0103: The name 'x' does not exist [/home/ada/shop/Shop.csproj]",
            "/home/ada/shop/Program.cs(12,5): error CS0103: The name 'x' does not exist [/home/ada/shop/Shop.csproj]",
            "/home/ada/shop/Shop.csproj : error NU1101: Unable to find package Nope. [/home/ada/shop/Shop.csproj]",
            "    1 Error(s)",
        ];

        Assert.Equal("Program.cs(12,5): CS0103: The name 'x' does not exist\nNU1101: Unable to find package Nope.", PublishOutput.Condense(lines));
        Assert.Equal("Segmentation fault", PublishOutput.Condense(["", "Segmentation fault", ""]));
        Assert.EndsWith("… and 3 more", PublishOutput.Condense([.. Enumerable.Range(0, 8).Select(number => $"A.cs(1,1): error CS{number:0000}: x")]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_inside_a_foreign_repository_is_published_and_run_ready()
    {
        using var folder = new TemporaryFolder();
        folder.File("Directory.Build.props", "<Project><Import Project=\"rules-of-another-house.props\" /></Project>");
        folder.File("apps/hi/Hi.csproj", Project);
        folder.File("apps/hi/Program.cs", "System.Console.WriteLine(\"hi\");");
        var project = ProjectReference.Find("dotnet://apps/hi", folder.Path).Value;

        var lines = new Collected();
        var published = await Publisher().PublishAsync(project, lines, CancellationToken.None);

        Assert.True(published.Succeeded, published.Failure?.Detail);
        using var output = published.Value;
        Assert.Equal("Hi.dll", output.Assembly);
        Assert.True(File.Exists(Path.Combine(output.Folder, "Hi.runtimeconfig.json")));
        Assert.Contains(lines.Lines, line => line.Contains("Directory.Build.props", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_project_that_does_not_build_is_refused_with_the_builds_own_words()
    {
        using var folder = new TemporaryFolder();
        folder.File("Hi.csproj", Project
            .Replace("<Project ", "<Project InitialTargets=\"No\" ", StringComparison.Ordinal)
            .Replace("</Project>", "<Target Name=\"No\"><Error Code=\"HI0042\" Text=\"Say please.\" /></Target></Project>", StringComparison.Ordinal));

        var published = await Publisher().PublishAsync(ProjectReference.Find("dotnet://.", folder.Path).Value, new Collected(), CancellationToken.None);

        Assert.Equal("publish-failed", published.Failure?.Code);
        Assert.Contains("HI0042: Say please.", published.Failure?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_projects_are_published_together_or_none_of_them_is()
    {
        using var folder = new TemporaryFolder();
        folder.File("one/One.csproj", Project);
        folder.File("one/Program.cs", "System.Console.WriteLine(1);");
        folder.File("two/Two.csproj", Project);
        folder.File("two/Program.cs", "System.Console.WriteLine(2);");
        List<ProjectReference> projects = [.. new[] { "one", "two" }.Select(name => ProjectReference.Find($"dotnet://{name}", folder.Path).Value)];
        var publisher = new JointPublisher(Path.GetTempPath(), TimeSpan.FromMinutes(5), TimeProvider.System);

        var published = await publisher.PublishAsync(projects, new Collected(), CancellationToken.None);
        Assert.Equal(["One.dll", "Two.dll"], projects.Select(project => published[project.ProjectFile].Assembly));

        folder.File("two/Program.cs", "no program");
        Assert.Empty(await publisher.PublishAsync(projects, new Collected(), CancellationToken.None));
    }

    [Fact]
    public async Task A_build_that_takes_too_long_is_stopped()
    {
        using var folder = new TemporaryFolder();
        folder.File("Hi.csproj", Project.Replace("</Project>", "<Target Name=\"Wait\" BeforeTargets=\"Restore;Build\"><Exec Command=\"sleep 600\" /></Target></Project>", StringComparison.Ordinal));

        var published = await new ProjectPublisher(Path.GetTempPath(), TimeSpan.FromSeconds(1), TimeProvider.System)
            .PublishAsync(ProjectReference.Find("dotnet://.", folder.Path).Value, new Collected(), CancellationToken.None);

        Assert.Equal("publish-timeout", published.Failure?.Code);
    }

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
          </PropertyGroup>
        </Project>
        """;

    private static ProjectPublisher Publisher() => new(Path.GetTempPath(), TimeSpan.FromMinutes(5), TimeProvider.System);

    private static TemporaryFolder Projects()
    {
        var folder = new TemporaryFolder();
        folder.File("one/One.csproj", "");
        folder.File("two/A.csproj", "");
        folder.File("two/B.csproj", "");
        folder.File("text/read.me", "");
        return folder;
    }

    private sealed class Collected : IProgress<string>
    {
        private readonly Lock _adding = new();

        public List<string> Lines { get; } = [];

        public void Report(string value)
        {
            lock (_adding)
            {
                Lines.Add(value);
            }
        }
    }
}
