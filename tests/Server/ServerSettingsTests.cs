using System.Net;
using Slipway.Server.Settings;

namespace Slipway.Server.Tests;

public sealed class ServerSettingsTests
{
    [Fact]
    public void Without_any_variable_the_documented_defaults_hold()
    {
        var (settings, problems) = Read();

        Assert.Empty(problems);
        Assert.Equal((8080, 8443, 6443, 6080, 5000), (settings.GatewayPort, settings.GatewayTlsPort, settings.ApiPort, settings.ApiClearPort, settings.RegistryPort));
        Assert.Equal("localhost", settings.Domain);
        Assert.Equal(IPAddress.Loopback, settings.Bind);
        Assert.Null(settings.DatabaseUrl);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.FreezeAfter);
    }

    [Fact]
    public void The_gateway_port_has_the_name_older_installations_use_too() =>
        Assert.Equal(3000, Read(("API_GATEWAY_PORT", "3000")).Settings.GatewayPort);

    [Fact]
    public void Our_own_name_of_a_port_wins_over_the_older_one() =>
        Assert.Equal(81, Read(("API_GATEWAY_PORT", "3000"), ("SLIPWAY_GATEWAY_PORT", "81")).Settings.GatewayPort);

    [Fact]
    public void Two_ports_that_are_the_same_are_refused_by_both_names() =>
        Assert.Equal(
            "SLIPWAY_API_PORT and SLIPWAY_REGISTRY_PORT are both 5000: give each a port of its own",
            Assert.Single(Read(("SLIPWAY_API_PORT", "5000")).Problems));

    [Theory]
    [InlineData("SLIPWAY_GATEWAY_PORT", "0")]
    [InlineData("SLIPWAY_GATEWAY_PORT", "65536")]
    [InlineData("SLIPWAY_API_PORT", "https")]
    [InlineData("SLIPWAY_FREEZE_AFTER_SECONDS", "-1")]
    [InlineData("SLIPWAY_BIND", "localhost")]
    [InlineData("SLIPWAY_DOMAIN", "not a host")]
    public void A_value_that_cannot_be_used_is_told_with_its_name_and_what_it_was(string name, string value)
    {
        var problem = Assert.Single(Read((name, value)).Problems);

        Assert.StartsWith(name, problem, StringComparison.Ordinal);
        Assert.Contains(value, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Services_may_have_ports_of_their_own()
    {
        var (settings, problems) = Read(("SLIPWAY_SERVICE_PORTS", "30080=todo, 30081=identity.accounts"));

        Assert.Empty(problems);
        Assert.Equal([(30080, "todo.default"), (30081, "identity.accounts")], settings.ServicePorts);
    }

    [Theory]
    [InlineData("todo", "todo")]
    [InlineData("0=todo", "0=todo")]
    [InlineData("30080=a.b.c", "30080=a.b.c")]
    [InlineData("30080=", "30080=")]
    public void A_service_port_that_cannot_be_read_is_told(string value, string named) =>
        Assert.Contains($"\"{named}\"", Assert.Single(Read(("SLIPWAY_SERVICE_PORTS", value)).Problems), StringComparison.Ordinal);

    [Fact]
    public void A_service_port_must_not_be_one_of_the_platforms() =>
        Assert.Contains("are both 8080", Assert.Single(Read(("SLIPWAY_SERVICE_PORTS", "8080=todo")).Problems), StringComparison.Ordinal);

    [Fact]
    public void All_problems_are_told_at_once() =>
        Assert.Equal(3, Read(("SLIPWAY_GATEWAY_PORT", "x"), ("SLIPWAY_BIND", "y"), ("SLIPWAY_FREEZE_AFTER_SECONDS", "z")).Problems.Count);

    private static (ServerSettings Settings, IReadOnlyList<string> Problems) Read(params (string Name, string Value)[] variables) =>
        ServerSettings.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
