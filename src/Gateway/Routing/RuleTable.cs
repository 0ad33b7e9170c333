namespace Slipway.Gateway.Routing;

/// <summary>The rules of all HTTPRoutes of one host, most specific first.</summary>
internal sealed class RuleTable
{
}
