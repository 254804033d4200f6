package dev.burstlet.app.manage;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;

/** The endpoint's two paths. */
@Controller
class ManagementController {
    private final ProcessState state;

    ManagementController(ProcessState state) {
        this.state = state;
    }

    @Get(value = "/health", produces = MediaType.TEXT_PLAIN)
    HttpResponse<String> health() {
        return state.healthy().getAsBoolean()
                ? HttpResponse.ok("ok\n")
                : HttpResponse.status(HttpStatus.SERVICE_UNAVAILABLE)
                        .body("a node is not kept by this process\n");
    }

    @Get(value = "/metrics", produces = MediaType.TEXT_PLAIN)
    String metrics() {
        return state.metrics().get();
    }
}
