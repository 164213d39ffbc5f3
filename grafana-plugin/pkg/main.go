// Command gpx_storepulse is the backend of the data source. Grafana's server starts it for what it evaluates without a
// browser: alert rules, public dashboards and recorded queries.
package main

import (
	"os"

	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"

	"storepulse/grafana/pkg/plugin"
)

func main() {
	if err := datasource.Manage(plugin.ID, plugin.NewInstance, datasource.ManageOpts{}); err != nil {
		log.DefaultLogger.Error("the backend ended", "error", err)
		os.Exit(1)
	}
}
