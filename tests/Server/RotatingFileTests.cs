using Slipway.Server.Logging;

namespace Slipway.Server.Tests;

public sealed class RotatingFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_full_file_steps_aside_and_the_oldest_one_goes()
    {
        var path = Path.Combine(_folder, "a.log");
        using (var file = new RotatingFile(path, sizeMax: 10, kept: 2))
        {
            foreach (var line in new[] { "first-ten\n", "secondten\n", "third-ten\n", "fourthten\n" })
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(line));
            }
        }

        Assert.Equal("fourthten\n", File.ReadAllText(path));
        Assert.Equal("third-ten\n", File.ReadAllText(path + ".1"));
        Assert.Equal("secondten\n", File.ReadAllText(path + ".2"));
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void A_second_life_appends_to_what_the_first_has_written()
    {
        var path = Path.Combine(_folder, "a.log");
        foreach (var line in new[] { "one\n", "two\n" })
        {
            using var file = new RotatingFile(path, sizeMax: 100, kept: 2);
            file.Write(System.Text.Encoding.ASCII.GetBytes(line));
        }

        Assert.Equal("one\ntwo\n", File.ReadAllText(path));
    }
}
