// net/http, a goroutine a connection; /panic is caught by net/http, /nil is a SIGSEGV that becomes one, /exit ends it.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"runtime"
	"sync"
)

func sum() int {
	var lock sync.Mutex
	var all sync.WaitGroup
	total := 0
	for i := 0; i < 1000; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			runtime.Gosched()
			lock.Lock()
			total += i
			lock.Unlock()
		}(i)
	}
	all.Wait()
	return total
}

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "go %d\n", sum()) })
	http.HandleFunc("/nil", func(w http.ResponseWriter, r *http.Request) {
		defer func() { fmt.Fprintf(w, "%v\n", recover()) }()
		var p *int
		fmt.Fprintln(w, *p)
	})
	http.HandleFunc("/exit", func(w http.ResponseWriter, r *http.Request) { os.Exit(7) })
	http.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		_, err := os.ReadFile("/none")
		http.Error(w, err.Error(), 500)
	})
	log.Println("listening")
	log.Fatal(http.ListenAndServe(":80", nil))
}
