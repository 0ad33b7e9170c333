using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.Sdk.Sample;

namespace Slipway.Sdk.Tests.Service;

public sealed class SampleConformance(SampleSubject subject) : ConformanceSuite(subject), IClassFixture<SampleSubject>;

public sealed class SampleSubject : ConformanceSubject
{
    public override string QueryPath => "/api/v1/notes";

    public override string BodyPath => "/api/v1/notes";

    public override string ValidBody => """{"text":"hello","stars":3}""";

    public override string? DocumentFile => "tests/Sdk.Sample/openapi.json";

    public override Task<RunningService> StartAsync() => RunningService.StartAsync(SampleService.Create, SampleService.Map);
}
