using System.Net;
using Slipway.Gateway.Bench;

// The same program is the bench and, as child processes of it, everything that is measured: what a contender uses is
// then its own, not the load generator's.
return args switch
{
    ["upstream"] => await Contenders.UpstreamAsync(),
    ["gateway", var upstream] => await Contenders.GatewayAsync(IPEndPoint.Parse(upstream)),
    ["yarp", var upstream] => await Contenders.YarpAsync(IPEndPoint.Parse(upstream)),
    _ => await Comparison.RunAsync(args),
};
