using System.Net;
using Slipway.Overhead.Bench;

// The same program is the bench and, as child processes of it, everything that is measured.
return args switch
{
    ["collector"] => await Parts.CollectorAsync(),
    ["service"] => await Parts.ServiceAsync(null),
    ["service", var collector] => await Parts.ServiceAsync(collector),
    ["gateway", var traced, var service] => await Parts.GatewayAsync(IPEndPoint.Parse(service), traced == "traced"),
    _ => await Comparison.RunAsync(args),
};
