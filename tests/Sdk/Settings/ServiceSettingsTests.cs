using Slipway.Sdk.Service;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Tests.Settings;

public sealed class ServiceSettingsTests
{
    [Fact]
    public void What_is_absent_or_blank_has_its_default()
    {
        var settings = Of(("BLANK", "  "));

        Assert.Null(settings.Text("BLANK"));
        Assert.Equal("x", settings.Text("ABSENT", "x"));
        Assert.Equal(7, settings.Number("ABSENT", 7, 0, 10));
        Assert.True(settings.Flag("ABSENT", true));
        Assert.Equal(TimeSpan.FromSeconds(1.5), settings.Seconds("ABSENT", 1.5));
        Assert.Empty(settings.List("ABSENT"));
        Assert.Equal("on", settings.Choice("ABSENT", "on", "on", "off"));
        Assert.Null(settings.Key("ABSENT"));
        settings.Check();
    }

    [Fact]
    public void Values_are_read_as_people_write_them()
    {
        var key = Convert.ToBase64String(Enumerable.Range(0, 32).Select(value => (byte)(value * 9)).ToArray());
        var settings = Of(("N", " 42 "), ("F", "Yes"), ("S", "0.5"), ("M", "250"), ("L", "a, b;c"), ("C", "OFF"), ("K", key), ("U", key.Replace('+', '-').Replace('/', '_').TrimEnd('=')));

        Assert.Equal(42, settings.Number("N", 0, 0, 100));
        Assert.True(settings.Flag("F", false));
        Assert.Equal(TimeSpan.FromMilliseconds(500), settings.Seconds("S", 9));
        Assert.Equal(TimeSpan.FromMilliseconds(250), settings.Milliseconds("M", 9));
        Assert.Equal(["a", "b", "c"], settings.List("L"));
        Assert.Equal("off", settings.Choice("C", "on", "on", "off"));
        Assert.Equal(32, settings.Key("K")!.Length);
        Assert.Equal(settings.Key("K"), settings.Key("U"));
        settings.Check();
    }

    [Fact]
    public void All_mistakes_are_told_at_once_with_name_and_fix_and_without_secrets()
    {
        var settings = Of(("N", "many"), ("F", "maybe"), ("S", "-1"), ("C", "blue"), ("K", "c2VjcmV0"), ("R", "500"));

        Assert.Equal(3, settings.Number("N", 3, 0, 9));
        Assert.Equal(3, settings.Number("R", 3, 0, 9));
        Assert.False(settings.Flag("F", false));
        Assert.Equal(TimeSpan.FromSeconds(2), settings.Seconds("S", 2));
        Assert.Equal("red", settings.Choice("C", "red", "red", "green"));
        Assert.Null(settings.Key("K"));
        var mistakes = Assert.Throws<SettingsException>(settings.Check).Mistakes;

        Assert.Equal(6, mistakes.Count);
        Assert.Contains("N must be a whole number from 0 to 9, not \"many\".", mistakes);
        Assert.Contains("C must be one of red, green, not \"blue\".", mistakes);
        Assert.DoesNotContain(mistakes, mistake => mistake.Contains("c2VjcmV0", StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_read_later_is_refused_where_it_is_read()
    {
        var settings = Of(("N", "many"));
        settings.Check();

        Assert.Throws<SettingsException>(() => settings.Number("N", 3, 0, 9));
    }

    [Fact]
    public void A_service_with_wrong_settings_is_not_built()
    {
        var service = SlipwayService.Create("sample", [], options => options.Environment = name => name switch { "PORT" => "http", "LIMITS" => "some", "CURSOR_KEY" => "short", _ => null });

        Assert.Equal(3, Assert.Throws<SettingsException>(() => service.Build(_ => { })).Mistakes.Count);
    }

    [Fact]
    public void Names_under_localhost_are_dialled_at_the_gateway()
    {
        var addresses = new ServiceAddresses(Of(("SLIPWAY_GATEWAY", "http://127.0.0.1:9090"), ("SLIPWAY_PUBLIC_URL", "http://{service}.localhost:9090")));

        Assert.Equal(new Uri("http://todo-api.localhost:9090"), addresses.Public("todo-api"));
        Assert.Equal(new Uri("http://127.0.0.1:9090"), addresses.Dial("todo-api"));
        Assert.Equal("todo-api.localhost:9090", addresses.HostHeader("todo-api"));
    }

    [Fact]
    public void A_service_of_its_own_address_is_dialled_there()
    {
        var addresses = new ServiceAddresses(Of(("SHOP_API_URL", "https://shop.example.test"), ("IDENTITY_URL", "http://id.localhost:8080")));

        Assert.Equal(new Uri("https://shop.example.test"), addresses.Dial("shop-api"));
        Assert.Equal("shop.example.test", addresses.HostHeader("shop-api"));
        Assert.Equal(new Uri("http://127.0.0.1:8080"), addresses.Dial("identity"));
        Assert.Equal("id.localhost:8080", addresses.HostHeader("identity"));
    }

    [Fact]
    public void Addresses_that_are_none_are_mistakes()
    {
        var settings = Of(("SLIPWAY_GATEWAY", "localhost"), ("SLIPWAY_PUBLIC_URL", "http://all.localhost"));
        _ = new ServiceAddresses(settings);

        Assert.Equal(2, Assert.Throws<SettingsException>(settings.Check).Mistakes.Count);
    }

    [Fact]
    public void What_is_set_on_the_command_line_wins_over_the_environment()
    {
        var line = CommandLine.Read(["--set", "A=1=2", "--set", "B=", "import", "file.csv", "--set", "C=3"]);
        var read = line.Over(_ => "environment");

        Assert.Equal("import", line.Verb);
        Assert.Equal(["file.csv", "--set", "C=3"], line.Arguments);
        Assert.Equal("1=2", read("A"));
        Assert.Null(read("B"));
        Assert.Equal("environment", read("C"));
    }

    private static ServiceSettings Of(params (string Name, string Value)[] values) =>
        new(name => values.FirstOrDefault(value => value.Name == name).Value);
}
